package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/status"
)

// BatchOf is what a read of the log that found these brings.
func BatchOf(orders []*status.Row, entries []*feed.Entry, c receiver.Counts) tea.Msg {
	return batch{orders: orders, entries: entries, counts: c}
}

// FirstOf is what the first read brings; the log is empty.
func FirstOf() tea.Msg { return batch{first: true, afresh: &feed.Chunk{}} }

// SetWebhooks puts another page in the place of the webhooks'.
func (m *Model) SetWebhooks(p webhooksList) { m.webhooks, m.lists[webhooksPage] = p, p }
