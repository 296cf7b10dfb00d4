package tui

import (
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/table"
)

// noWebhooks stands where the page of webhooks will be.
type noWebhooks struct {
	*table.Model[string, string]
}

func (m *Model) newWebhooks() webhooksList {
	return &noWebhooks{table.New(table.Options[string, string]{
		Columns: []table.Column[string]{{Title: "NAME", Min: 10, Cell: func(s string, _ int) string { return s }}},
		ID:      func(s string) string { return s },
		Orders:  []table.Order[string]{{Name: "name", Compare: func(string, string) int { return 0 }}},
		Text:    func(s string) string { return s },
		Theme:   m.th,
		Empty: func(bool) []string {
			return []string{"Webhooks are managed with credentials of UP42: UP42_USERNAME and UP42_PASSWORD."}
		},
	})}
}

func (p *noWebhooks) Update(tea.Msg) tea.Cmd           { return nil }
func (p *noWebhooks) OrderName() string                { return p.Order().Name }
func (p *noWebhooks) Press(tea.KeyMsg) (tea.Cmd, bool) { return nil, false }
func (p *noWebhooks) Captures() bool                   { return false }
func (p *noWebhooks) Back() bool                       { return false }
func (p *noWebhooks) Keys() []key.Binding              { return nil }
func (p *noWebhooks) Hints() []key.Binding             { return nil }
func (p *noWebhooks) Start() tea.Cmd                   { return nil }
func (p *noWebhooks) Tick()                            {}
func (p *noWebhooks) Saw(string, time.Time)            {}
func (p *noWebhooks) NameOf(string) string             { return "" }
func (p *noWebhooks) Count() (n int, known bool)       { return 0, false }
