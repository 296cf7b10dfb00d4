package tui

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
)

// maxCopied is how many bytes terminals take into their clipboard, at the least
// of those that take any.
const maxCopied = 64 << 10

// copiedMsg says what was copied, or why it was not.
type copiedMsg struct {
	what string
	err  error
}

// copyID copies an id as it is shown: what is pasted into a shell should not
// surprise.
func (m *Model) copyID(id string) tea.Cmd {
	if id == "" {
		m.say(noteHint, "nothing to copy: this delivery names no order or job")
		return nil
	}
	id = text.Clean(id, 0)
	return m.copy(id, text.Clean(id, 60))
}

// copyBody copies the body that the details show, in one line.
func (m *Model) copyBody(body string) tea.Cmd {
	switch {
	case body == "":
		m.say(noteHint, "nothing to copy: no body is shown")
		return nil
	case len(body) > maxCopied:
		m.say(noteHint, "too long for a terminal's clipboard; up42hooks events --json has it")
		return nil
	}
	return m.copy(body, fmt.Sprintf("the body, %d bytes", len(body)))
}

func (m *Model) copy(s, what string) tea.Cmd {
	if m.o.Copy == nil {
		m.say(noteHint, "nothing to copy to: this terminal has no clipboard")
		return nil
	}
	return m.commands.do(func(context.Context) tea.Msg { return copiedMsg{what, m.o.Copy(s)} })
}

func (m *Model) sayCopied(msg copiedMsg) {
	if msg.err != nil {
		m.say(noteError, "could not copy: "+msg.err.Error())
		return
	}
	m.say(noteInfo, "copied "+msg.what)
}
