package prompt

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Question asks in the place of the footer whether to do something. Enter does it, esc
// leaves, other keys do nothing.
type Question struct {
	Theme *theme.Theme
	Keys  *keys.Map
	// Ask is the question, Then what follows if the user agrees. Both are clean.
	Ask, Then string
	// Enter says what that key does.
	Enter string
	Do    func() tea.Cmd
}

// indent is before what follows, gap is the room before the answers.
const indent, gap = "   ", 2

// Press takes a key. open is false once the question is answered.
func (q *Question) Press(msg tea.KeyMsg) (cmd tea.Cmd, open bool) {
	switch {
	case msg.Paste:
		return nil, true
	case key.Matches(msg, q.Keys.Keep):
		return q.Do(), false
	case key.Matches(msg, q.Keys.Clear):
		return nil, false
	default:
		return nil, true
	}
}

// Height is how many lines [Question.Lines] returns.
func (q *Question) Height(c *frame.Canvas) int { return 2 + len(q.above(c)) }

// Lines draws the bottom rule with the question, and what follows with the answers below it.
func (q *Question) Lines(c *frame.Canvas, labels []frame.Label) []string {
	const margin = 4
	ask := "   " + text.Cut(q.Ask, c.W-margin) + " "
	answers := q.answers()
	hints, width := c.Hints(answers)
	c.PlaceHints(answers, c.W-width-1)
	then := indent + q.Then
	above := q.above(c)
	if len(above) > 0 {
		then = ""
	}
	room := max(0, c.W-width-gap-1)
	return slices.Concat([]string{q.Theme.Notice.Apply(ask) + c.Labels(labels, c.W-text.Width(ask))}, above, []string{
		q.Theme.Notice.Apply(text.Fit(then, room)) + text.Spaces(gap) + hints + text.Spaces(1),
	})
}

// above is what follows if the user agrees, if there is no room for it beside the answers.
func (q *Question) above(c *frame.Canvas) (lines []string) {
	_, width := c.Hints(q.answers())
	if text.Width(indent+q.Then)+gap+width+1 <= c.W {
		return nil
	}
	const most = 3
	for _, l := range text.Wrap(q.Then, c.W-len(indent)-1, most) {
		lines = append(lines, q.Theme.Notice.Apply(text.Fit(indent+l, c.W)))
	}
	return lines
}

func (q *Question) answers() []keys.Hint {
	return []keys.Hint{{Keys: q.Keys.Keep.Help().Key, Does: q.Enter}, {Keys: q.Keys.Clear.Help().Key, Does: "leave"}}
}
