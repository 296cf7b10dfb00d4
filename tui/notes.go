package tui

import (
	"time"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// A note is a line in the footer that goes away by itself or with a key.
type note struct {
	text  string
	kind  noteKind
	until time.Time
	// stays until a key is pressed.
	stays bool
}

type noteKind int

const (
	noteInfo noteKind = iota
	noteHint          // why a key did nothing
	noteError
)

const noteTime = 5 * time.Second

// say puts a note into the footer; the words may come from outside.
func (m *Model) say(kind noteKind, words string) {
	m.note = note{text: text.Clean(m.tilde(words), 0), kind: kind, until: m.o.Now().Add(noteTime), stays: kind == noteError}
}

func (m *Model) expireNote(now time.Time) {
	if m.note.text != "" && !m.note.stays && now.After(m.note.until) {
		m.note = note{}
	}
}

// noteLines are the rule above the footer and the footer, with a note: one that
// is longer than a line begins on the rule.
func (m *Model) noteLines() []string {
	const around = 4
	g := &m.th.Glyphs
	style, glyph := m.th.Notice, g.Verified
	switch m.note.kind {
	case noteHint:
		style, glyph = m.th.Mark, g.Arrow
	case noteError:
		style, glyph = m.th.Error, g.Failed
	}
	lines := text.Wrap(m.note.text, m.w-around, 2)
	first := " " + glyph + " " + lines[0]
	if len(lines) == 1 {
		return []string{m.labelled(m.w), m.fill(style, first)}
	}
	return []string{style.Apply(first+" ") + m.labelled(m.w-text.Width(first)-1), m.fill(style, "   "+lines[1])}
}

// fill draws one styled line across the screen.
func (m *Model) fill(style theme.Style, s string) string { return style.Apply(text.Fit(s, m.w)) }
