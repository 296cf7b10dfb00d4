package prompt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Height is how many lines [Prompt.Lines] returns.
func (p *Prompt) Height(c *frame.Canvas) int { return 3 + len(p.reason(c)) }

// Lines draws the bottom rule, the prompt and its keys. If something is wrong with the text,
// the rule points at it and says so, or the lines below the rule do if it has no room for all of that.
func (p *Prompt) Lines(c *frame.Canvas, labels []frame.Label) []string {
	if p.past > 0 {
		labels = append(slices.Clone(labels), frame.Label{Text: fmt.Sprintf("history %d/%d", p.past, len(p.o.Past)), Style: p.o.Theme.Accent})
	}
	rule := c.Labels(labels, c.W)
	if p.wrong() != nil {
		rule = p.faultRule(c, labels)
	}
	return slices.Concat([]string{rule}, p.reason(c), []string{p.line(c), c.Footer(p.hints(), nil)})
}

// reason says why the text was not taken, if the rule has no room for that.
func (p *Prompt) reason(c *frame.Canvas) (lines []string) {
	f := p.wrong()
	if f == nil || !f.refused || p.o.Chooses {
		return nil
	}
	from, n := p.faultAt(c)
	if words := f.whole(); text.Width(words) > max(from, c.W-from-n)-faultMargin {
		const margin, most = 2, 3
		for _, l := range text.Wrap(words, c.W-margin, most) {
			lines = append(lines, p.faultStyle().Apply(text.Fit(" "+l, c.W)))
		}
	}
	return lines
}

// faultMargin is how many cells of a rule are not for what is wrong.
const faultMargin = 4

// line draws the prompt, or its end if it is too long.
func (p *Prompt) line(c *frame.Canvas) string {
	room := p.room(c)
	all, _ := p.letters(room)
	var b strings.Builder
	b.WriteString(p.o.Theme.Key.Apply(p.o.Label))
	left := room
	for _, l := range all {
		if text.Width(l.text) > left {
			break
		}
		left -= text.Width(l.text)
		b.WriteString(l.style.Apply(l.text))
	}
	b.WriteString(text.Spaces(left + 1))
	return b.String()
}

// room is how many cells the text has.
func (p *Prompt) room(c *frame.Canvas) int { return c.W - text.Width(p.o.Label) - 1 }

func (p *Prompt) hints() (hints []keys.Hint) {
	k, m := p.o.Keys, p.o.Menu
	accept, keep, leave := k.Accept.Help().Key, k.Keep.Help().Key, k.Clear.Help().Key
	if p.waiting {
		return []keys.Hint{{Keys: leave, Does: "leave; it goes on"}}
	}
	if p.input.Value() == "" && len(p.o.Past) > 0 || p.past > 0 {
		hints = append(hints, keys.Hint{Keys: "↑", Does: "earlier filters"})
	}
	if p.o.Chooses {
		hints = append(hints, keys.Hint{Keys: "↑↓", Does: "choose"})
	}
	switch {
	case m != nil && m.Chosen():
		return []keys.Hint{{Keys: "↑↓", Does: "choose"}, {Keys: accept + "/" + keep, Does: "take it"}, {Keys: leave, Does: "close the list"}}
	case m != nil && m.Open():
		choose := keys.Hint{Keys: "↑↓", Does: "choose"}
		if len(hints) > 0 {
			choose.Keys = "↓"
		}
		back := keys.Hint{Keys: leave, Does: "close the list"}
		if p.input.Value() == "" {
			back.Does = "leave"
		}
		return append(hints, choose, keys.Hint{Keys: accept, Does: "take the first"}, keys.Hint{Keys: keep, Does: p.o.Enter}, back)
	case p.proposes():
		hints = append(hints, keys.Hint{Keys: accept, Does: "take it"})
	}
	return append(hints, keys.Hint{Keys: keep, Does: p.o.Enter}, keys.HintOf(k.Clear))
}

// faultRule draws the rule above the prompt: it points down at what is wrong, and
// says what.
func (p *Prompt) faultRule(c *frame.Canvas, labels []frame.Label) string {
	from, n := p.faultAt(c)
	mark := strings.Repeat(p.o.Theme.Glyphs.Down, n)
	style := p.faultStyle()
	after, before := c.W-from-n-faultMargin, from-faultMargin
	rule := func(n int) string { return c.Labels(nil, n) }
	if len(p.reason(c)) > 0 {
		return rule(from) + style.Apply(mark) + c.Labels(labels, c.W-from-n)
	}
	words := p.wrong().explain(max(after, before))
	const least = 12 // what says anything
	if max(after, before) < least {
		words = text.Clean(" "+p.wrong().explain(c.W-4)+" ", c.W-2)
		return style.Apply(words + strings.Repeat(p.o.Theme.Glyphs.Down, c.W-text.Width(words)))
	}
	if text.Width(words) > after && before > after {
		words = " " + text.Clean(words, before) + " "
		return rule(from-text.Width(words)) + style.Apply(words+mark) + c.Labels(labels, c.W-from-n)
	}
	words = " " + text.Clean(words, after) + " "
	return rule(from) + style.Apply(mark+words) + c.Labels(labels, c.W-from-n-text.Width(words))
}

// faultAt returns where on the screen what is wrong begins, and how many cells of
// it are visible.
func (p *Prompt) faultAt(c *frame.Canvas) (from, n int) {
	all, _ := p.letters(p.room(c))
	first := len(all) // something is missing at the end
	for i, l := range all {
		if l.wrong {
			first = min(first, i)
			n += text.Width(l.text)
		}
	}
	from = min(text.Width(p.o.Label)+width(all[:first]), c.W-2)
	return from, max(1, min(n, c.W-1-from))
}

func (p *Prompt) faultStyle() theme.Style {
	if p.wrong().Mild {
		return p.o.Theme.Mark
	}
	return p.o.Theme.Error
}

// letter is one character of the prompt, as it is drawn.
type letter struct {
	text  string
	style theme.Style
	wrong bool
}

func width(letters []letter) (w int) {
	for _, l := range letters {
		w += text.Width(l.text)
	}
	return w
}

// letters returns the text with its cursor. If the text is too long, its start is
// left out, so that the cursor is visible.
func (p *Prompt) letters(room int) (all []letter, cursor int) {
	th, value := p.o.Theme, p.input.Value()
	cursor = p.input.Position()
	n := 0
	for at, r := range value {
		all = append(all, p.letter(r, at, n))
		n++
	}
	if cursor >= n {
		cursor = n
		all = append(all, letter{text: " ", style: th.Caret, wrong: p.wrong().missingAt(len(value))})
	}
	if l := &all[cursor]; th.Caret == (theme.Style{}) && l.text == " " {
		l.text = "_" // a space is invisible without styles
	}
	for cursor > 0 && width(all[:cursor+1]) > room {
		all[1].wrong = all[1].wrong || all[0].wrong // the rule points at the edge for what is invisible
		all, cursor = all[1:], cursor-1
	}
	return all, cursor
}

// letter is the nth character, which is at an offset in bytes.
func (p *Prompt) letter(r rune, offset, n int) letter {
	th, cursor := p.o.Theme, p.input.Position()
	l := letter{text: text.Clean(string(r), 0), style: th.Input}
	switch {
	case p.wrong().at(offset):
		l.wrong, l.style = true, p.faultStyle()
	case n > cursor:
		l.style = th.Plain
	}
	if n == cursor {
		l.style = th.Caret
	}
	return l
}
