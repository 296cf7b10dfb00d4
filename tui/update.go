package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/overview"
)

// Update takes a message: a key, the size of the terminal, or the answer of a
// command, which goes to the part that asked.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if event, ok := msg.(tea.MouseMsg); ok {
		return m, m.point(event)
	}
	return m, m.changed(m.route(msg))
}

// changed fits the screen to what has changed, and reads what is seen now.
func (m *Model) changed(cmd tea.Cmd) tea.Cmd {
	m.fit()
	m.drawn.stale = true
	return tea.Batch(cmd, m.nav.followCursor(), m.nav.details.Wrap(), m.readFurther())
}

func (m *Model) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.canvas.W, m.canvas.H = max(0, msg.Width), max(0, msg.Height)
		m.pointer.Forget()
	case tea.KeyMsg:
		return tea.Batch(m.pointer.Forget(), m.typed(msg))
	case command.Answer:
		cmd := msg.Take()
		m.closePrompt()
		m.pages.events.Rename() // the page of webhooks may know other names now
		return cmd
	case *command.Crash:
		// It ends the program as a panic here would: see guard.
		panic(msg)
	}
	return nil
}

// readFurther reads what the user looks at, and searches on.
func (m *Model) readFurther() tea.Cmd {
	l, ok := m.pages.list().(interface{ ReadFurther() tea.Cmd })
	if !ok || !m.follower.Ready() {
		return nil
	}
	return l.ReadFurther()
}

// came takes note of what the log has, before it is put onto the pages.
func (m *Model) came(b *follow.Batch) tea.Cmd {
	m.rate.Advance(m.o.Now())
	countRate(&m.rate, m.follower.Counts(), b)
	m.pages.saw(b.Entries)
	m.pages.invalidateEmpty() // what they say depends on the counts
	m.pages.overview.Came(&overview.News{First: b.First, Before: m.follower.Counts(), Now: b.Counts, Entries: b.Entries})
	if b.First {
		if !m.keeper.chose() && !m.nav.chose && m.pages.current == onOrders && len(m.nav.trail) == 0 && deliveries(b.Counts) > 0 {
			m.pages.current = onOverview
		}
		return tea.Batch(m.nav.refreshDetails(b), func() tea.Msg { return command.To(m.keeper.restore) }) // the pages have the batch then
	}
	return tea.Batch(m.nav.refreshDetails(b), m.pages.glow(b), m.account.Came(receiver.Job, b.Jobs), m.account.Came(receiver.Order, b.Orders))
}

// countRate counts what came since the counts before. The first batch counts the
// deliveries of the last minute.
func countRate(r *frame.Rate, before receiver.Counts, b *follow.Batch) {
	if b.First {
		for _, e := range b.Entries {
			r.Add(e.At(), 1)
		}
		return
	}
	n := deliveries(b.Counts) - deliveries(before)
	for _, e := range b.Entries {
		if e.Admitted() {
			n-- // it came long ago
		}
	}
	if n > 0 {
		r.Add(b.Counts.LastArrival, n)
	}
}

// Init starts reading the log and the clock.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(
		m.follower.Start(), m.tick(), m.account.Start(), m.pages.webhooks.Start(), m.forwarding.Start(),
	)
}

// tick waits for the next second of the clock.
func (m *Model) tick() tea.Cmd {
	now := m.o.Now()
	next := now.Truncate(time.Second).Add(time.Second).Sub(now)
	wait := func(ctx context.Context) bool { return retry.Sleep(ctx, next) }
	return command.Ask(m.commands.Do, wait, func(bool) tea.Cmd {
		m.passTime()
		return tea.Batch(m.pinning.Tick(m.follower.Counts(), m.pinsHere()), m.forwarding.Tick(m.pages.current == onUndelivered), m.nav.renewFilter(), m.keeper.tick(m.commands.Do), m.tick())
	})
}

// pinsHere reports whether a note may say which key pins a list: no other one is shown, and the key
// means that here.
func (m *Model) pinsHere() bool {
	return !m.notes.Shown() && !m.Typing() && m.pages.current != onWebhooks
}

// passTime updates what depends on the time: the clock, ages, the rate.
func (m *Model) passTime() {
	now := m.o.Now()
	m.rate.Advance(now)
	if m.receiver.Tick() {
		m.pages.invalidateEmpty() // they say the public URL
	}
	m.notes.Expire(now)
	m.ending = m.ending && m.notes.Shown()
	if m.offer.Tick() {
		m.pages.events.Invalidate()
	}
	if m.nav.detailsShown() {
		m.nav.details.Tick()
	}
	m.pages.list().Invalidate()
	m.pages.webhooks.Tick()
}
