package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"
)

// Standing says how the receiver stands.
type Standing struct {
	// Err is why it stopped; nil: deliveries are taken (again).
	Err error
	// Address is where they are taken; "": where they were.
	Address string
}

// storingMsg says that deliveries can't be stored, or with nil that they can
// again.
type storingMsg struct{ err error }

// await waits for the next word from whoever knows, and makes a message of it.
func await[word any](m *Model, words <-chan word, message func(word) tea.Msg) tea.Cmd {
	if words == nil {
		return nil
	}
	return m.commands.do(func(ctx context.Context) tea.Msg {
		select {
		case w, ok := <-words:
			if !ok {
				return nil
			}
			return message(w)
		case <-ctx.Done():
			return nil
		}
	})
}

func (m *Model) watchReceiver() tea.Cmd {
	return await(m, m.o.Stands, func(s Standing) tea.Msg { return s })
}

func (m *Model) takeStanding(s Standing) {
	m.dead = s.Err
	if s.Address != "" {
		m.o.Receiver.Address = s.Address
	}
}

func (m *Model) watchStoring() tea.Cmd {
	return await(m, m.o.Storing, func(err error) tea.Msg { return storingMsg{err} })
}
