package tui

import (
	"context"
	"errors"
	"os/exec"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/account"
	"github.com/up42/up42-webhooks/tui/admit"
	"github.com/up42/up42-webhooks/tui/clipboard"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/help"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/mouse"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/outside"
	"github.com/up42/up42-webhooks/tui/overview"
	"github.com/up42/up42-webhooks/tui/pinning"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/undelivered"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// New makes a Model.
func New(o Options) *Model {
	if o.Program == "" {
		o.Program = "up42hooks"
	}
	m := &Model{
		o: o, keys: keys.New(), commands: command.NewPool(), canvas: frame.Canvas{Theme: o.Theme}, home: frame.Home(o.Home),
		receiver: frame.NewReceiver(o.Receiver.Address, o.Receiver.Path, o.Receiver.PublicURL, o.Receiver.Viewer, o.Sources),
	}
	o.Keys.Apply(keys.Actions("", m.keys))
	m.refusals = o.Limits.Apply(keys.Actions("", m.keys))
	m.keys.Commands = program.Bindings(o.Commands)
	m.programs = program.New(program.Options{Commands: o.Commands, Log: o.Log, Run: m.commands.Do, Say: m.say, Private: o.Private, Work: &m.work, Lend: m.lend})
	m.clipboard = clipboard.New(o.Copy, m.commands.Do, m.say)
	m.help = help.New(&m.canvas, m.keys)
	m.filters = prompt.Filters{Theme: o.Theme, Keys: m.keys, Saved: prompt.NewSaved(o.Filters, m.keys), Say: m.say, Own: m.own, Run: m.commands.Do, Now: o.Now, History: prompt.NewHistory(o.Remembered.Filters)}
	newPages(m)
	newParts(m)
	m.jobs = marks.Jobs{Run: m.commands.Do, Say: m.say}
	m.pointer = mouse.New(m.commands.Do, zones{m}.at)
	m.keeper = newKeeper(&m.nav, &m.o)
	m.rate.Advance(o.Now())
	m.pages.restoreMarks(o.Session.View.Marks)
	switch {
	case o.Session.Began: // it was said
	case o.Receiver.Warning != "":
		m.say(note.Failure, o.Receiver.Warning)
		m.notes.Keep()
	case o.Receiver.Notice != "":
		m.say(note.Info, o.Receiver.Notice)
		m.notes.Keep()
	}
	return m
}

// newPages makes the pages. Their functions are called once all parts are there.
func newPages(m *Model) {
	o, ps := &m.o, &m.pages
	ps.current = onOrders
	rows := func(k receiver.Kind) *status.Page {
		var page *status.Page
		page = status.New(status.Options{
			Log: o.Log, Do: m.commands.For(func(msg tea.Msg) tea.Cmd { return page.Update(msg) }), Limit: o.Rows,
			Kind: k, Named: k == receiver.Order && o.API != nil, Theme: o.Theme, Now: o.Now, Keys: m.keys, Say: m.say,
			CopyID: m.clipboard.CopyID, Empty: func() []string { return m.empty.rows(k) }, Still: o.Still, Columns: o.Columns[string(k)+"s"],
		})
		return page
	}
	ps.jobs, ps.orders = rows(receiver.Job), rows(receiver.Order)
	nameOf := func(id string) string { return ps.webhooks.NameOf(id) }
	events := feed.Options{
		Log: o.Log, Theme: o.Theme, Now: o.Now, Keys: m.keys, Say: m.say, CopyID: m.clipboard.CopyID,
		Do:    m.commands.For(func(msg tea.Msg) tea.Cmd { return ps.events.Update(msg) }),
		Empty: func() []string { return m.empty.events() },
		Good:  func(number int64) bool { return m.offer.Good(number) },
		Still: o.Still, Columns: o.Columns["events"],
	}
	if o.API != nil {
		events.Names = func() map[string]string { return ps.webhooks.Names() }
	}
	ps.events = feed.New(events)
	ps.webhooks = webhooks.New(webhooksOptions(m))
	ps.undelivered = undelivered.New(undeliveredOptions(m))
	ps.overview = overview.New(overviewOptions(m))
	m.nav = navigator{
		keys: m.keys, pages: ps, canvas: &m.canvas, filters: &m.filters, commands: m.commands, say: m.say, hasTargets: func() bool { return m.forwarding.HasTargets() },
	}
	m.nav.details = detail.New(detail.Options{
		Log: o.Log, Theme: o.Theme, Now: o.Now, Keys: m.keys, Say: m.say, CopyID: m.clipboard.CopyID, CopyBody: m.clipboard.CopyBody,
		Do:      m.commands.For(func(msg tea.Msg) tea.Cmd { return m.nav.details.Update(msg) }),
		Listing: ps.listing, NameOf: nameOf, Workspace: o.API != nil, Program: o.Program, Good: func(number int64) bool { return m.offer.Good(number) },
		Link: func(k receiver.Key, e *receiver.Event) string { return m.outside.Link(k, e) },
	})
}

func overviewOptions(m *Model) overview.Options {
	ps := &m.pages
	return overview.Options{
		Log: m.o.Log, Theme: m.o.Theme, Now: m.o.Now, Keys: m.keys, Say: m.say, CopyID: m.clipboard.CopyID,
		Do:   inTurn(m.o.Turn, m.commands.For(func(msg tea.Msg) tea.Cmd { return ps.overview.Update(msg) })),
		Jobs: ps.jobs.Tally(), Orders: ps.orders.Tally(), NewRows: func() int { return ps.events.NewRows() },
		Open:  func(g overview.Goal) tea.Cmd { return m.nav.openGoal(g) },
		Empty: func() []string { return m.empty.overview() },

		Receiver: m.receiver, Targets: func() []forwarding.Target { return m.forwarding.Targets() },
		Undelivered: func() (int, bool) { return ps.undelivered.Count() },
	}
}

// inTurn makes commands of functions that wait for a turn, see Options.Turn.
func inTurn(turn func(context.Context) (leave func()), do func(func(context.Context) tea.Msg) tea.Cmd) func(func(context.Context) tea.Msg) tea.Cmd {
	if turn == nil {
		return do
	}
	return func(read func(context.Context) tea.Msg) tea.Cmd {
		return do(func(ctx context.Context) tea.Msg {
			leave := turn(ctx)
			if leave == nil {
				return nil // the screen ends
			}
			defer leave()
			return read(ctx)
		})
	}
}

func undeliveredOptions(m *Model) undelivered.Options {
	o := undelivered.Options{
		Log: m.o.Log, Theme: m.o.Theme, Now: m.o.Now, Keys: m.keys, Say: m.say, CopyID: m.clipboard.CopyID,
		Do:    m.commands.For(func(msg tea.Msg) tea.Cmd { return m.pages.undelivered.Update(msg) }),
		Empty: func() []string { return m.forwarding.Empty() }, Columns: m.o.Columns["undelivered"],
	}
	if m.o.Forwarder != nil {
		o.Failures = m.o.Forwarder.Failures
	}
	return o
}

func webhooksOptions(m *Model) webhooks.Options {
	o := webhooks.Options{
		Log: m.o.Log, Theme: m.o.Theme, Now: m.o.Now, Keys: m.keys, Say: m.say, Copy: m.o.Copy, PublicURL: func() string { return webhookURL(m) },
		PointsHere: m.o.PointsHere, Listed: m.o.Listed, Pinned: m.o.Pinned, Pin: m.o.Pin, Random: m.o.Random, Program: m.o.Program, OwnKeys: m.o.Keys, Limits: m.o.Limits, Columns: m.o.Columns["webhooks"],
		Do:   m.commands.For(func(msg tea.Msg) tea.Cmd { return m.pages.webhooks.Update(msg) }),
		Work: &m.work, Session: m.o.Session.Webhooks,
	}
	if m.o.API != nil {
		o.API = m.o.API // a nil API stays nil as another interface
	}
	return o
}

// webhookURL is proposed for a new webhook: the configured URL, or that of the
// tunnel.
func webhookURL(m *Model) string {
	if m.o.Receiver.WebhookURL != nil {
		if u := m.o.Receiver.WebhookURL(); u != "" {
			return u
		}
	}
	if m.o.Sources.PublicURL != nil {
		if u := m.o.Sources.PublicURL().URL; u != "" {
			return u + m.receiver.Path
		}
	}
	return ""
}

func outsideOptions(m *Model) outside.Options {
	o := outside.Options{
		Theme: m.o.Theme, Keys: m.keys, Run: m.commands.Do, Say: m.say, Copy: m.clipboard.CopyText, Console: m.o.Console, Home: m.o.Home, Private: m.o.Private,
		URL:    func() string { return "http://" + m.receiver.Address + m.receiver.Path },
		Getenv: m.o.Getenv, Lend: m.lend, Browse: m.o.Browse, Work: &m.work,
		Ask: func(q *prompt.Question) {
			if m.closePrompt(); m.prompt == nil {
				m.prompt = q
			}
		},
	}
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	return o
}

// lend runs a program on the terminal.
func (m *Model) lend(p *exec.Cmd, then func(error) tea.Msg) tea.Cmd {
	switch {
	case m.o.Lend != nil:
		return m.o.Lend(p, then)
	case m.terminal != nil:
		return m.terminal.Lend(p, then)
	default:
		return func() tea.Msg { return then(errNoTerminal) }
	}
}

var errNoTerminal = errors.New("there is no terminal for it")

// newParts makes the parts that read the log, ask UP42 and forward events.
func newParts(m *Model) {
	o, ps := &m.o, &m.pages
	asked := account.Options{
		Log: o.Log, Run: m.commands.Do, Now: o.Now, Say: m.say, Work: &m.work, Unread: m.notes.Stays, Theme: o.Theme, Keys: m.keys, Jobs: ps.jobs, Orders: ps.orders,
		Listed: func() {
			if m.nav.detailsShown() {
				m.nav.details.Tick()
			}
		},
	}
	if o.API != nil {
		asked.API = o.API
	}
	m.account = account.New(asked)
	m.follower = follow.New(follow.Options{
		Log: o.Log, Run: m.commands.Do, Say: m.say, Jobs: ps.jobs, Orders: ps.orders, Feed: ps.events, Came: m.came, Pace: o.Pace, Turn: o.Turn,
	})
	m.forwarding = forwarding.New(forwarding.Options{
		Forwarder: o.Forwarder, Run: command.Runner(m.commands.Do), Now: o.Now, Say: m.say, Theme: o.Theme, Keys: m.keys, Page: ps.undelivered,
	})
	m.offer = admit.New(admit.Options{
		Admissions: o.Admissions, Run: m.commands.Do, Say: m.say, Theme: o.Theme, Keys: m.keys, Left: ps.events.Drop,
	})
	m.outside = outside.New(outsideOptions(m))
	m.pinning = pinning.New(pinning.Options{
		Log: o.Log, Run: command.Runner(m.commands.Do), Say: m.say, Pinned: o.Pinned, Pin: o.Pin, Viewer: o.Receiver.Viewer, File: o.PinFile, Keys: m.keys,
		Work: &m.work, Said: o.Session.Offered, Declined: o.Session.Declined,
	})
	m.empty = emptyPage{
		canvas: &m.canvas, receiver: m.receiver, follower: m.follower, account: m.account,
		secretFile: m.home.Shorten(o.Receiver.SecretFile), program: o.Program, sends: o.TestEvent != nil, ownSecret: o.Receiver.OwnSecret, keys: m.keys,
	}
}
