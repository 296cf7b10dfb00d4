// Package clipboard copies text to the terminal's clipboard.
package clipboard

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
)

// maxBytes is the most that all terminals with a clipboard take.
const maxBytes = 64 << 10

const tooLong = "too long for a terminal's clipboard; up42hooks events --json has it"

// Clipboard copies text and says so in a note.
type Clipboard struct {
	write func(string) error
	run   command.Runner
	say   note.Say
}

// New makes a Clipboard. write puts text into the clipboard, and is called from
// commands that run makes. It is nil if there is no clipboard.
func New(write func(string) error, run command.Runner, say note.Say) *Clipboard {
	return &Clipboard{write, run, say}
}

// CopyID copies an id as the screen shows it, without control characters: it may
// be pasted into a shell.
func (c *Clipboard) CopyID(id string) tea.Cmd {
	if id == "" {
		c.say.Hint("nothing to copy: this delivery names no order or job")
		return nil
	}
	clean := text.Clean(id, 0)
	if len(clean) > maxBytes {
		c.say.Hint(tooLong)
		return nil
	}
	return c.Copy(clean, text.Clean(id, 60))
}

// CopyBody copies the body of an event, as one line.
func (c *Clipboard) CopyBody(body string) tea.Cmd {
	switch {
	case body == "":
		c.say.Hint("nothing to copy: no body is shown")
		return nil
	case len(body) > maxBytes:
		c.say.Hint(tooLong)
		return nil
	}
	return c.Copy(body, "the body, "+number.Bytes(len(body)))
}

// CopyText copies a value, if a terminal's clipboard takes so much. what names it in the note.
func (c *Clipboard) CopyText(value, what string) tea.Cmd {
	if len(value) > maxBytes {
		c.say.Hint("too long for a terminal's clipboard; up42hooks events get NUMBER --http prints it")
		return nil
	}
	return c.Copy(value, text.Clean(what, 0))
}

// Copy copies a value. what names it in the note, in clean words.
func (c *Clipboard) Copy(value, what string) tea.Cmd {
	if c.write == nil {
		c.say.Hint("nothing to copy to: this terminal has no clipboard")
		return nil
	}
	return command.Ask(c.run, func(context.Context) error { return c.write(value) }, func(err error) tea.Cmd {
		if err != nil {
			c.say.Failure("could not copy: " + err.Error())
		} else {
			c.say.Info("copied " + what)
		}
		return nil
	})
}
