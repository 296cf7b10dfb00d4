package detail

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// bodyLine is the line of the body under the cursor.
func (p *Page) bodyLine() (line int, ok bool) {
	if p.loaded == nil || p.loaded.body == nil {
		return 0, false
	}
	return p.viewport.columnOf(p.viewport.cursor).lineOfBody(p.viewport.cursor.row)
}

// pressBody takes the keys that fold JSON. It returns false for other keys, and if the cursor is
// not in the body.
func (p *Page) pressBody(msg tea.KeyMsg) (ok bool) {
	k := &p.viewport.keys
	body := p.body()
	if body == nil {
		return false
	}
	switch {
	case key.Matches(msg, k.foldAll):
		p.foldAll(true)
		return true
	case key.Matches(msg, k.unfoldAll):
		p.foldAll(false)
		return true
	}
	line, in := p.bodyLine()
	if !in || !body.IsJSON() {
		return false
	}
	switch {
	case key.Matches(msg, k.toggle):
		p.toggle(line)
	case key.Matches(msg, k.fold):
		p.foldOrLeave(line)
	case key.Matches(msg, k.unfold):
		p.unfoldOrEnter(line)
	default:
		return false
	}
	return true
}

// toggle folds or unfolds what a line opens or closes.
func (p *Page) toggle(line int) {
	body := p.body()
	if !body.Opens(line) {
		if at := body.Container(line); at >= 0 && body.End(at) == line {
			line = at
		}
	}
	if !p.setFold(line, !body.Folded(line)) {
		p.o.Say.Hint("nothing to fold on this line; z folds all, Z unfolds all")
	}
}

// foldOrLeave folds a line, or goes to the line that opens what it is in.
func (p *Page) foldOrLeave(line int) {
	body := p.body()
	if p.setFold(line, true) {
		return
	}
	if at := body.Container(line); at >= 0 {
		p.goToBody(at)
		return
	}
	p.o.Say.Hint("this is the whole body; [ and ] go to the previous and the next row")
}

// unfoldOrEnter unfolds a line, or goes to the first line that is in it.
func (p *Page) unfoldOrEnter(line int) {
	if p.setFold(line, false) {
		return
	}
	if p.body().Opens(line) {
		p.goToBody(line + 1)
		return
	}
	p.o.Say.Hint("nothing to unfold on this line; [ and ] go to the previous and the next row")
}

func (p *Page) setFold(line int, folded bool) bool {
	if !p.body().Fold(line, folded) {
		return false
	}
	p.goToBody(line)
	return true
}

func (p *Page) foldAll(folded bool) {
	at := p.viewport.anchor()
	p.body().FoldAll(folded)
	p.viewport.restore(at)
}

// goToBody moves the cursor to a line of the body, which must not be hidden.
func (p *Page) goToBody(line int) {
	v := &p.viewport
	v.goTo(place{v.two(), v.withBody().start(tree) + p.body().RowOf(line)})
}
