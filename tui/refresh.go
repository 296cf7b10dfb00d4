package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/text"
)

// pressRefresh asks UP42 about what is under the cursor, or in the details;
// where there is nothing, for its list.
func (m *Model) pressRefresh() tea.Cmd {
	if m.o.API == nil {
		m.say(noteHint, "R asks UP42, which takes credentials: 4 says how to give some")
		return nil
	}
	k, ok := m.refreshed()
	switch {
	case !ok && (m.page == jobsPage || m.page == ordersPage):
		return m.listAgain()
	case !ok || k.Kind == "" || k.ID == "":
		m.say(noteHint, "nothing to ask UP42 about: no order or job is selected")
		return nil
	case m.account.asking[k]:
		m.say(noteHint, "UP42 is being asked about it already")
		return nil
	}
	m.account.asking[k] = true
	m.say(noteInfo, "asking UP42 about "+text.Clean(k.ID, 40)+m.th.Glyphs.Ellipsis)
	return m.askOne(k)
}

func (m *Model) refreshed() (receiver.Key, bool) {
	if m.detailed {
		return m.details.Subject().Key, true
	}
	s, ok := m.subject()
	return s.Key, ok
}

func (m *Model) listAgain() tea.Cmd {
	if m.account.lists[m.page].underWay {
		m.say(noteHint, "UP42 is being asked for its "+m.page.things()+" already")
		return nil
	}
	m.account.told = false // who asks wants to be told
	m.say(noteInfo, "asking UP42 for its "+m.page.things()+m.th.Glyphs.Ellipsis)
	return tea.Batch(m.askList(m.page), m.askWorkspace())
}

func (m *Model) askOne(k receiver.Key) tea.Cmd {
	return m.commands.do(func(ctx context.Context) tea.Msg {
		limited, stop := context.WithTimeout(ctx, askFor)
		defer stop()
		msg := oneMsg{key: k, listMsg: listMsg{page: pageOf(k.Kind)}}
		msg.newest = m.newest(limited)
		l, err := m.one(limited, k)
		if err == nil {
			msg.all = []detail.Listing{l}
			msg.stored = m.storedOf(limited, k.Kind, msg.all)
		}
		if ctx.Err() != nil {
			return nil
		}
		msg.err = err
		return msg
	})
}

// one asks for one row. The answer is about the row that was asked for,
// whatever it says.
func (m *Model) one(ctx context.Context, k receiver.Key) (l detail.Listing, err error) {
	if k.Kind == receiver.Job {
		j, err := m.o.API.Job(ctx, k.ID)
		l = m.listingOfJob(&j)
		l.ID = k.ID
		return l, err
	}
	o, err := m.o.API.Order(ctx, k.ID)
	l = m.listingOfOrder(&o)
	l.ID = k.ID
	return l, err
}

// takeOne says what UP42 said about a row, and shows it.
func (m *Model) takeOne(msg oneMsg) {
	delete(m.account.asking, msg.key)
	switch {
	case client.NotFound(msg.err):
		m.say(noteError, "UP42 has no such "+string(msg.key.Kind)+" (any more): "+text.Clean(msg.key.ID, 40))
		return
	case msg.err != nil:
		m.say(noteError, "could not ask UP42 about it: "+why(msg.err))
		return
	}
	p := m.statusPage(msg.page)
	was, known := p.Get(msg.key.ID)
	m.say(noteInfo, change(msg.key.Kind, was, known, &msg.all[0], m.th.Glyphs.Arrow))
	m.putListed(msg.listMsg)
}

// change says what a listing changes of a row. Of a status that is final, the
// sub-status says nothing any more.
func change(k receiver.Kind, was *status.Row, known bool, l *detail.Listing, arrow string) string {
	same := known && l.Status.Is(receiver.Status(was.Status()))
	sub := text.Clean(l.SubStatus, 40)
	if l.Status.Class(k) != receiver.InProgress || same && was.Final() {
		sub = ""
	}
	now := inWords(text.Clean(string(l.Status), 40), sub)
	switch {
	case !known:
		return "UP42 says: " + now
	case same && was.SubStatus() == sub:
		return "UP42 says the same: " + now
	case was.Outdates(l):
		return "UP42 says " + now + ", which is older than the events: it stays " + was.Status()
	default:
		return "UP42 says: " + inWords(was.Status(), was.SubStatus()) + " " + arrow + " " + now
	}
}

func inWords(status, sub string) string {
	if sub == "" {
		return status
	}
	return status + " (" + sub + ")"
}
