package tui

import (
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// webhooksList is what the frame needs of the page of webhooks.
type webhooksList interface {
	list

	// Press takes a key; ok is false where it means nothing there.
	Press(tea.KeyMsg) (cmd tea.Cmd, ok bool)
	// Captures says whether all keys are the page's: a form is filled in.
	Captures() bool
	// Back goes back a step; false: there is none.
	Back() bool
	// Keys are all its keys, Hints those that matter now.
	Keys() []key.Binding
	Hints() []key.Binding
	// Start reads the list.
	Start() tea.Cmd
	// Tick lets a second pass.
	Tick()
	// Saw tells that a delivery came through a webhook.
	Saw(id string, at time.Time)
	// NameOf is a webhook's name, "" where it is not known.
	NameOf(id string) string
	// Count is how many there are, if that is known.
	Count() (n int, known bool)
}

var _ webhooksList = (*webhooks.Page)(nil)

func (m *Model) newWebhooks() webhooksList {
	o := webhooks.Options{
		Log: m.o.Log, Theme: m.th, Now: m.o.Now, Do: m.commands.do, Copy: m.o.Copy, PublicURL: m.webhookURL,
		PointsHere: m.o.PointsHere, Listed: m.o.Listed, Pinned: m.o.Pinned, Pin: m.o.Pin, Random: m.o.Random, Say: m.sayOf, Program: m.o.Program,
	}
	if m.o.API != nil {
		o.API = m.o.API // a nil of one interface would be none of the other
	}
	return webhooks.New(o)
}

// sayOf puts a note of the page of webhooks into the footer, where a note of
// that kind is drawn as all others.
func (m *Model) sayOf(kind webhooks.NoteKind, words string) {
	switch kind {
	case webhooks.Hint:
		m.say(noteHint, words)
	case webhooks.Failure:
		m.say(noteError, words)
	default:
		m.say(noteInfo, words)
	}
}

// webhookNames tells names where there can be any.
func (m *Model) webhookNames() func(id string) string {
	if m.o.API == nil {
		return nil
	}
	return m.nameOf
}

func (m *Model) nameOf(id string) string { return m.webhooks.NameOf(id) }

// saw tells the page of webhooks which of them deliveries came through.
func (m *Model) saw(entries []*feed.Entry) {
	for _, e := range entries {
		if id := e.Webhook(); id != "" {
			m.webhooks.Saw(id, e.At())
		}
	}
}

// captured says whether all keys belong to the page of webhooks.
func (m *Model) captured() bool {
	return m.page == webhooksPage && !m.helping && m.webhooks.Captures()
}

// pressCaptured takes a key while a form is filled in: but for two, it is the
// form's.
func (m *Model) pressCaptured(msg tea.KeyMsg) tea.Cmd {
	switch {
	case msg.Type == tea.KeyCtrlC && !msg.Paste:
		return tea.Quit
	case key.Matches(msg, m.keys.suspend):
		m.warnSuspend()
		return nil
	}
	cmd, _ := m.webhooks.Press(msg)
	return cmd
}

// pressWebhooks takes a key on the page of webhooks. The page comes first: it
// has meanings of its own for some keys of the lists.
func (m *Model) pressWebhooks(msg tea.KeyMsg) tea.Cmd {
	if key.Matches(msg, m.keys.back) {
		if m.webhooks.Back() {
			return nil
		}
		return m.stepBack()
	}
	if cmd, ok := m.webhooks.Press(msg); ok {
		return cmd
	}
	switch {
	case key.Matches(msg, m.keys.pause):
		m.say(noteHint, "nothing moves by itself here; p pauses the other pages")
		return nil
	case key.Matches(msg, m.keys.refresh):
		m.say(noteHint, "R asks UP42 about an order or a job; r reads the webhooks again")
		return nil
	}
	return m.pressList(msg)
}

// webhooksLine is the footer of the page of webhooks. While a form is filled
// in, help and quit are letters.
func (m *Model) webhooksLine() string {
	bindings := m.webhooks.Hints()
	hints := make([]hint, len(bindings))
	for i, b := range bindings {
		hints[i] = hintOf(b)
	}
	if len(hints) == 0 {
		hints = []hint{m.pagesHint()}
	}
	if m.captured() {
		return m.lineOf(hints, []hint{{"ctrl+c", "quit"}})
	}
	return m.keysLine(hints)
}

// webhookURL is what the URL of a new webhook starts as: the configured one, or
// that of the tunnel as it is now.
func (m *Model) webhookURL() string {
	if m.o.Receiver.WebhookURL != "" || m.o.Public == nil {
		return m.o.Receiver.WebhookURL
	}
	if u := m.o.Public().URL; u != "" {
		return u + m.o.Receiver.Path
	}
	return ""
}
