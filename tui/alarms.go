package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"
)

// deadMsg says that the receiver stopped, or with nil that there is one again.
type deadMsg struct{ err error }

// storingMsg says that deliveries can't be stored, or with nil that they can
// again.
type storingMsg struct{ err error }

// await waits for the next word from whoever knows, and makes a message of it.
func (m *Model) await(words <-chan error, message func(error) tea.Msg) tea.Cmd {
	if words == nil {
		return nil
	}
	return m.commands.do(func(ctx context.Context) tea.Msg {
		select {
		case err, ok := <-words:
			if !ok {
				return nil
			}
			return message(err)
		case <-ctx.Done():
			return nil
		}
	})
}

func (m *Model) watchReceiver() tea.Cmd {
	return m.await(m.o.Failed, func(err error) tea.Msg { return deadMsg{err} })
}

func (m *Model) watchStoring() tea.Cmd {
	return m.await(m.o.Storing, func(err error) tea.Msg { return storingMsg{err} })
}
