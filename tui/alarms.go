package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"
)

// deadMsg says that the receiver stopped.
type deadMsg struct{ err error }

// storingMsg says that deliveries can't be stored, or with nil that they can
// again.
type storingMsg struct{ err error }

func (m *Model) watchReceiver() tea.Cmd {
	if m.o.Failed == nil {
		return nil
	}
	return m.commands.do(func(ctx context.Context) tea.Msg {
		select {
		case err, ok := <-m.o.Failed:
			if !ok || err == nil {
				return nil
			}
			return deadMsg{err}
		case <-ctx.Done():
			return nil
		}
	})
}

// watchStoring waits for the next word on whether deliveries can be stored.
func (m *Model) watchStoring() tea.Cmd {
	if m.o.Storing == nil {
		return nil
	}
	return m.commands.do(func(ctx context.Context) tea.Msg {
		select {
		case err, ok := <-m.o.Storing:
			if !ok {
				return nil
			}
			return storingMsg{err}
		case <-ctx.Done():
			return nil
		}
	})
}
