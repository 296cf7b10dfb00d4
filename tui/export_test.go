package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/status"
)

// BatchOf is the answer of a read of the log that found these.
func (m *Model) BatchOf(orders []*status.Row, entries []*feed.Entry, c receiver.Counts) tea.Msg {
	return m.batch(&follow.Batch{Orders: orders, Entries: entries, Counts: c})
}

// JobsOf is like BatchOf, for jobs.
func (m *Model) JobsOf(jobs []*status.Row, c receiver.Counts) tea.Msg {
	return m.batch(&follow.Batch{Jobs: jobs, Counts: c})
}

// FirstOf is the answer of the first read of an empty log.
func (m *Model) FirstOf() tea.Msg { return m.batch(&follow.Batch{First: true}) }

func (m *Model) batch(b *follow.Batch) tea.Msg {
	return command.To(func() tea.Cmd { return m.follower.Take(b) })
}

// WebhooksPage is what a test may put in the place of the page of webhooks.
type WebhooksPage = webhooksPage

// SetWebhooks replaces the page of webhooks.
func (m *Model) SetWebhooks(p WebhooksPage) { m.pages.webhooks = p }

// Say shows a note, as a page does.
func (m *Model) Say(kind note.Kind, words string) { m.say(kind, words) }

// Actions are those of the palette: the page, the key and what it does.
func (m *Model) Actions() (all [][3]string) {
	for _, i := range m.allActions() {
		all = append(all, [3]string{i.Where, i.Key, i.Does})
	}
	return all
}

// AllKeys are the keys of all pages.
func (m *Model) AllKeys() (all []key.Binding) {
	for _, l := range m.pages.lists() {
		all = append(all, l.Keys()...)
	}
	return slices.Concat(all, m.nav.details.Keys(), m.keys.Everywhere(), m.keys.Saved[:])
}
