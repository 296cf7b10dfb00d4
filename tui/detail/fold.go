package detail

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
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
	k := p.o.Keys
	body := p.body()
	if body == nil {
		return false
	}
	switch {
	case key.Matches(msg, k.FoldAll):
		p.foldAll(true)
		return true
	case key.Matches(msg, k.UnfoldAll):
		p.foldAll(false)
		return true
	}
	line, in := p.bodyLine()
	if !in || !body.IsJSON() {
		return false
	}
	switch {
	case key.Matches(msg, k.ToggleFold):
		p.toggle(line)
	case key.Matches(msg, k.Fold):
		p.foldOrLeave(line)
	case key.Matches(msg, k.Unfold):
		p.unfoldOrEnter(line)
	default:
		return false
	}
	return true
}

// Click moves the cursor to what is at a cell. A click on the mark of what folds also folds it, and
// so does another click on its line.
func (p *Page) Click(x, line int) (cmd tea.Cmd, ok bool) {
	v := &p.viewport
	at := place{right: v.two() && x > v.left.w, row: v.top + line}
	if at.row >= v.columnOf(at).size() {
		return nil, false
	}
	if at.right {
		x -= v.left.w + divider
	}
	again := v.focused && v.cursor == at
	v.goTo(at)
	if body := p.body(); body != nil && body.IsJSON() {
		if folds, in := p.bodyLine(); in && body.Opens(folds) && (again || body.OnMark(folds, x)) {
			p.toggle(folds)
		}
	}
	return nil, true
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
		p.o.Say.Hint(fmt.Sprintf("nothing to fold on this line; %s folds all, %s unfolds all", keys.First(p.o.Keys.FoldAll), keys.First(p.o.Keys.UnfoldAll)))
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
	p.o.Say.Hint("this is the whole body" + p.neighbours())
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
	p.o.Say.Hint("nothing to unfold on this line" + p.neighbours())
}

// neighbours says which keys go to other rows also in a body, or returns "".
func (p *Page) neighbours() string {
	last := func(b key.Binding) string { return keys.Shown(b.Keys()[max(0, len(b.Keys())-1):]) }
	previous, next := last(p.o.Keys.Left), last(p.o.Keys.Right)
	if previous == "" || next == "" {
		return ""
	}
	return fmt.Sprintf("; %s and %s go to the previous and the next row", previous, next)
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
