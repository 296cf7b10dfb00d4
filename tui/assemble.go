package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/account"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/undelivered"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// makePages makes the pages. Their functions are called once all parts are there.
func (m *Model) makePages() {
	o, ps := &m.o, &m.pages
	ps.current = onOrders
	rows := func(k receiver.Kind) *status.Page {
		return status.New(status.Options{
			Kind: k, Named: k == receiver.Order && o.API != nil, Theme: o.Theme, Now: o.Now, Keys: m.keys, Say: m.say,
			CopyID: m.clipboard.CopyID, Empty: func() []string { return m.empty.rows(k) },
		})
	}
	ps.jobs, ps.orders = rows(receiver.Job), rows(receiver.Order)
	nameOf := func(id string) string { return ps.webhooks.NameOf(id) }
	events := feed.Options{
		Log: o.Log, Theme: o.Theme, Now: o.Now, Keys: m.keys, Say: m.say, CopyID: m.clipboard.CopyID,
		Do:    m.commands.For(func(msg tea.Msg) tea.Cmd { return ps.events.Update(msg) }),
		Empty: func() []string { return m.empty.events() },
	}
	if o.API != nil {
		events.NameOf = nameOf
	}
	ps.events = feed.New(events)
	ps.webhooks = webhooks.New(m.webhooksOptions())
	ps.undelivered = undelivered.New(m.undeliveredOptions())
	m.details = detail.New(detail.Options{
		Log: o.Log, Theme: o.Theme, Now: o.Now, Keys: m.keys, CopyID: m.clipboard.CopyID, CopyBody: m.clipboard.CopyBody,
		Do:      m.commands.For(func(msg tea.Msg) tea.Cmd { return m.details.Update(msg) }),
		Listing: ps.listing, NameOf: nameOf, Workspace: o.API != nil,
	})
}

func (m *Model) undeliveredOptions() undelivered.Options {
	o := undelivered.Options{
		Log: m.o.Log, Theme: m.o.Theme, Now: m.o.Now, Keys: m.keys, Say: m.say, CopyID: m.clipboard.CopyID,
		Do:    m.commands.For(func(msg tea.Msg) tea.Cmd { return m.pages.undelivered.Update(msg) }),
		Empty: func() []string { return m.forwarding.Empty() },
	}
	if m.o.Forwarder != nil {
		o.Failures = m.o.Forwarder.Failures
	}
	return o
}

func (m *Model) webhooksOptions() webhooks.Options {
	o := webhooks.Options{
		Log: m.o.Log, Theme: m.o.Theme, Now: m.o.Now, Keys: m.keys, Say: m.say, Copy: m.o.Copy, PublicURL: m.webhookURL,
		PointsHere: m.o.PointsHere, Listed: m.o.Listed, Pinned: m.o.Pinned, Pin: m.o.Pin, Random: m.o.Random, Program: m.o.Program,
		Do: m.commands.For(func(msg tea.Msg) tea.Cmd { return m.pages.webhooks.Update(msg) }),
	}
	if m.o.API != nil {
		o.API = m.o.API // a nil API stays nil as another interface
	}
	return o
}

// webhookURL is proposed for a new webhook: the configured URL, or that of the
// tunnel.
func (m *Model) webhookURL() string {
	if m.o.Receiver.WebhookURL != "" || m.o.Sources.PublicURL == nil {
		return m.o.Receiver.WebhookURL
	}
	if u := m.o.Sources.PublicURL().URL; u != "" {
		return u + m.receiver.Path
	}
	return ""
}

// makeParts makes the parts that read the log, ask UP42 and forward events.
func (m *Model) makeParts() {
	o, ps := &m.o, &m.pages
	asked := account.Options{
		Log: o.Log, Run: m.commands.Do, Now: o.Now, Say: m.say, Unread: m.notes.Stays, Theme: o.Theme, Jobs: ps.jobs, Orders: ps.orders,
		Listed: func() {
			if m.detailed {
				m.details.Tick()
			}
		},
	}
	if o.API != nil {
		asked.API = o.API
	}
	m.account = account.New(asked)
	m.follower = follow.New(follow.Options{
		Log: o.Log, Run: m.commands.Do, Say: m.say, Jobs: ps.jobs, Orders: ps.orders, Feed: ps.events, Came: m.came,
	})
	m.forwarding = forwarding.New(forwarding.Options{
		Forwarder: o.Forwarder, Run: command.Runner(m.commands.Do), Now: o.Now, Say: m.say, Theme: o.Theme, Keys: m.keys, Page: ps.undelivered,
	})
	m.empty = emptyPage{
		canvas: &m.canvas, receiver: m.receiver, follower: m.follower, account: m.account,
		secretFile: m.home.Shorten(o.Receiver.SecretFile), program: o.Program,
	}
}
