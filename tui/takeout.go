package tui

import (
	"context"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/prompt"
)

// testEvent sends a test event to the receiver. It asks before, if there are events already.
func (m *Model) testEvent() tea.Cmd {
	if m.o.TestEvent == nil {
		m.say(note.Hint, "this screen can't send a test event; the command send can")
		return nil
	}
	kind := receiver.Order
	if m.pages.current == onJobs {
		kind = receiver.Job
	}
	if _, total := m.pages.list().Len(); total == 0 {
		return m.sendTest(kind)
	}
	m.prompt = &prompt.Question{
		Theme: m.o.Theme, Keys: m.keys, Ask: "send yourself a test event?", Then: "A signed delivery about a new " + string(kind) + ", marked TEST.",
		Enter: "send", Do: func() tea.Cmd { return m.sendTest(kind) },
	}
	return nil
}

func (m *Model) sendTest(k receiver.Kind) tea.Cmd {
	end := m.work.Begin("sending a test event")
	return command.Ask(m.commands.Do, func(ctx context.Context) error { return m.o.TestEvent(ctx, k) }, func(err error) tea.Cmd {
		end()
		if err != nil {
			m.say(note.Failure, "the test event was not accepted: "+err.Error())
		} else {
			m.say(note.Info, "sent a test event about a new "+string(k)+", and the receiver took it")
		}
		return nil
	})
}

// takeOut asks what to do with what the details show.
func (m *Model) takeOut(msg tea.KeyMsg) {
	if !m.nav.detailsShown() || !m.nav.details.Complete() {
		m.say(note.Hint, "open the details first: "+keys.First(m.keys.Details))
		return
	}
	s := m.nav.details.Shown()
	switch {
	case key.Matches(msg, m.keys.CopyWhat):
		if menu := m.outside.CopyMenu(s); menu != nil {
			m.prompt = menu
		}
	case key.Matches(msg, m.keys.Open):
		if menu := m.outside.OpenMenu(s); menu != nil {
			m.prompt = menu
		}
	default:
		if name := m.outside.Save(s); name != nil {
			m.prompt = name
		}
	}
}
