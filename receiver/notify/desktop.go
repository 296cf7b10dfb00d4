package notify

import (
	"context"
	"strings"

	"github.com/up42/up42-webhooks/receiver/safe"
)

const (
	ring     = "\a"
	osc      = "\x1b]"
	st       = "\x1b\\"
	maxShown = 200 // the length of a title and a text, in characters
)

// sequence returns the escape sequence that shows a notification. For a silent terminal it
// is the bell.
func (t Terminal) sequence(title, text string) string {
	title, text = sequenceText(title), sequenceText(text)
	if title == "" {
		title = "up42hooks"
	}
	switch t {
	case TmuxOSC9:
		return throughTmux(OSC9.sequence(title, text))
	case TmuxOSC777:
		return throughTmux(OSC777.sequence(title, text))
	case OSC9:
		return osc + "9;" + safe.Shorten(title+": "+text, maxShown) + st
	case OSC777:
		return osc + "777;notify;" + safe.Shorten(title, maxShown) + ";" + safe.Shorten(text, maxShown) + st
	default:
		return ring
	}
}

// throughTmux wraps a sequence so that tmux passes it on to its terminal.
func throughTmux(sequence string) string {
	return "\x1bPtmux;" + strings.ReplaceAll(sequence, "\x1b", "\x1b\x1b") + st
}

// sequenceText makes sure that a text can't end the sequence or one of its fields. Texts of
// messages are clean already, but a mistake there must not let a sender write sequences.
func sequenceText(s string) string { return safe.Line(strings.ReplaceAll(s, ";", ",")) }

// terminalAction writes to a terminal.
type terminalAction struct {
	name  string
	write func([]byte)
	bytes func(*Message) string
}

// Bell makes an action that rings the terminal's bell. Write must write its argument to the
// terminal in one piece, between two frames of the screen, and must not block for long.
func Bell(write func([]byte)) Action {
	return &terminalAction{"bell", write, func(*Message) string { return ring }}
}

// Desktop makes an action that shows a notification on the desktop, or rings the bell if
// the terminal is silent. For write see [Bell].
func Desktop(t Terminal, write func([]byte)) Action {
	return &terminalAction{"desktop", write, func(m *Message) string { return t.sequence(m.Rule, m.Text) }}
}

func (t *terminalAction) Send(_ context.Context, m *Message) error {
	t.write([]byte(t.bytes(m)))
	return nil
}

func (t *terminalAction) Persistent() bool { return false }
func (t *terminalAction) String() string   { return t.name }
