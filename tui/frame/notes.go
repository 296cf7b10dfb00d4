package frame

import (
	"time"

	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// noteTime is how long a note is shown that is no failure.
const noteTime = 5 * time.Second

// Notes shows one note at a time, above the footer. A note goes away
// with the next key, or by itself.
type Notes struct {
	text  string // clean; "": no note
	kind  note.Kind
	until time.Time
	stays bool // until a key is pressed
}

// maxNote is the most cells of a note.
const maxNote = 1000

// Show shows a note.
func (n *Notes) Show(kind note.Kind, words string, now time.Time) {
	*n = Notes{text: text.Short(words, maxNote), kind: kind, until: now.Add(noteTime), stays: kind == note.Failure}
}

// Keep keeps the note until a key is pressed.
func (n *Notes) Keep() { n.stays = true }

// Stays reports whether a note is shown that does not go away by itself.
func (n *Notes) Stays() bool { return n.stays }

// Clear removes the note.
func (n *Notes) Clear() { *n = Notes{} }

// Expire removes a note that was shown long enough.
func (n *Notes) Expire(now time.Time) {
	if n.text != "" && !n.stays && now.After(n.until) {
		n.Clear()
	}
}

// Shown reports whether there is a note.
func (n *Notes) Shown() bool { return n.text != "" }

// Lines draws the note in as many lines as it needs and there are. Without a note it returns none.
func (n *Notes) Lines(c *Canvas) []string {
	if n.text == "" {
		return nil
	}
	style, glyph := n.look(c.Theme)
	const margin = 4
	lines := text.Wrap(n.text, c.W-margin, c.most())
	before := " " + glyph + " "
	for i, l := range lines {
		lines[i] = style.Apply(text.Fit(before+l, c.W))
		before = text.Spaces(3)
	}
	return lines
}

func (n *Notes) look(th *theme.Theme) (style theme.Style, glyph string) {
	switch n.kind {
	case note.Hint:
		return th.Mark, th.Glyphs.Arrow
	case note.Failure:
		return th.Error, th.Glyphs.Failed
	case note.Begun:
		return th.Notice, th.Glyphs.Progress
	default:
		return th.Notice, th.Glyphs.Verified
	}
}
