package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/text"
)

// tickMsg comes once a second, for the clock, the ages and the rate.
type tickMsg struct{}

// Update takes a message.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	m.fit()
	m.frame.stale = true
	return m, cmd
}

func (m *Model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m.resize(msg.Width, msg.Height)
	case tea.KeyMsg:
		return m.typed(msg)
	case batch:
		return m.take(msg)
	case olderMsg:
		return m.takeOlder(msg)
	case tickMsg:
		m.passTime()
		return tea.Batch(m.watchTargets(), m.renewFilter(), m.tick())
	case Standing:
		m.takeStanding(msg)
		return m.watchReceiver()
	case storingMsg:
		m.unstored = msg.err
		return m.watchStoring()
	case workspaceMsg:
		m.account.workspace = string(msg)
		return nil
	case listMsg:
		return m.takeList(msg)
	case askAgainMsg:
		return m.takeAskAgain(msg)
	case oneMsg:
		m.takeOne(msg)
		return nil
	case sentMsg:
		return m.takeSent(msg)
	case copiedMsg:
		m.sayCopied(msg)
		return nil
	case panicMsg:
		// It ends the program in the way a panic here would: see guard.
		panic(&msg)
	default:
		return m.passOn(msg)
	}
}

// passOn gives an answer to whoever asked; they know their own.
func (m *Model) passOn(msg tea.Msg) tea.Cmd {
	cmds := []tea.Cmd{m.details.Update(msg)}
	for _, l := range m.lists {
		cmds = append(cmds, l.Update(msg))
	}
	m.events.Rename()
	return tea.Batch(append(cmds, m.want())...)
}

// want has the feed read further back, if it is looked at.
func (m *Model) want() tea.Cmd {
	if m.page != eventsPage || !m.ready {
		return nil
	}
	return m.events.Want()
}

func (m *Model) resize(w, h int) tea.Cmd {
	m.w, m.h = max(0, w), max(0, h)
	m.frame = frameLines{}
	m.fit()
	return m.want()
}

// take puts a batch onto the screen and asks for the next.
func (m *Model) take(b batch) tea.Cmd {
	if m.unread = b.err; b.err != nil {
		m.cursor = b.next
		if !m.ready {
			return m.start()
		}
		return m.follow()
	}
	m.countRate(b)
	before := m.cursor
	m.cursor, m.counts = b.next, b.counts
	m.saw(b.entries)
	renew := tea.Batch(m.lack(jobsPage, b.jobs), m.lack(ordersPage, b.orders))
	m.jobs.Upsert(b.jobs...)
	m.orders.Upsert(b.orders...)
	switch {
	case m.paused:
		// It may have been read before the pause began: it is read again.
		m.cursor.events, m.cursor.rejected = before.events, before.rejected
		m.countWaiting()
	case b.next.holdFeed:
		m.cursor.behind = true // the pause ended while this was read
	case b.afresh != nil:
		m.startFeed(b.afresh)
	default:
		m.events.Add(b.entries)
	}
	m.invalidateEmpty() // what an empty page says depends on the counts
	m.ready = m.ready || b.first
	cmds := []tea.Cmd{m.follow(), m.refresh(b), m.want(), renew}
	if b.first {
		m.page = m.firstPage()
		cmds = append(cmds,
			m.startOlder(jobsPage, receiver.Job, b.jobs),
			m.startOlder(ordersPage, receiver.Order, b.orders))
	}
	return tea.Batch(cmds...)
}

func (m *Model) invalidateEmpty() {
	for _, l := range m.lists {
		if shown, _ := l.Len(); shown == 0 {
			l.Invalidate()
		}
	}
}

// firstPage is the one to start on: orders, unless there are only jobs.
func (m *Model) firstPage() pageID {
	if m.page == ordersPage && m.counts.Rows.Of(receiver.Order) == 0 && m.counts.Rows.Of(receiver.Job) > 0 {
		return jobsPage
	}
	return m.page
}

func (m *Model) startFeed(c *feed.Chunk) {
	m.saw(c.Entries)
	m.events.Start(c)
	if m.ready {
		m.say(noteInfo, "much came at once: the feed starts again at the newest")
	}
}

// countWaiting tells the paused feed how much there is to come.
func (m *Model) countWaiting() {
	m.events.SetWaiting(m.counts.LastSeq - m.cursor.events + m.counts.LastRejected - m.cursor.rejected)
}

// refresh loads the details again if their row changed.
func (m *Model) refresh(b batch) tea.Cmd {
	k := m.details.Subject().Key
	if !m.detailed || m.paused {
		return nil
	}
	rows := b.orders
	if k.Kind == receiver.Job {
		rows = b.jobs
	}
	for _, r := range rows {
		if r.ID == k.ID {
			return m.details.Refresh(k)
		}
	}
	return nil
}

// countRate counts what came since the last batch; at the start, what the feed
// shows of the last minute.
func (m *Model) countRate(b batch) {
	m.rate.advance(m.o.Now())
	if b.first {
		for _, e := range b.afresh.Entries {
			m.rate.add(e.At(), 1)
		}
		return
	}
	if n := deliveries(b.counts) - deliveries(m.counts); n > 0 {
		m.rate.add(b.counts.LastArrival, n)
	}
}

// deliveries is how many ever came; what retention took away has come too.
func deliveries(c receiver.Counts) int64 { return c.Events() + c.Deleted + c.Rejected + c.Duplicates }

// tick waits for the clock's next second.
func (m *Model) tick() tea.Cmd {
	now := m.o.Now()
	next := now.Truncate(time.Second).Add(time.Second).Sub(now)
	return m.commands.do(func(ctx context.Context) tea.Msg {
		if !pause(ctx, next) {
			return nil
		}
		return tickMsg{}
	})
}

func (m *Model) passTime() {
	now := m.o.Now()
	m.rate.advance(now)
	if m.o.Strays != nil {
		m.strays = m.o.Strays()
	}
	if m.o.Stray != nil {
		m.stray = text.Clean(m.o.Stray(), 60)
	}
	m.askPublic()
	m.expireNote(now)
	if m.detailed {
		m.details.Tick()
	} else {
		m.list().Invalidate()
	}
	m.webhooks.Tick()
}
