package tui_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/theme"
)

// endless is a dashboard to which new orders, jobs and rejected deliveries come without end.
type endless struct {
	m      *tui.Model
	counts receiver.Counts
}

func newEndless(t *testing.T, rows int) *endless {
	t.Helper()
	m := tui.New(tui.Options{
		Log: newMemory(), Theme: theme.New(theme.Options{Profile: termenv.ANSI256, Name: theme.Dark}), Now: time.Now, Rows: rows,
	})
	t.Cleanup(m.Close)
	m.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
	m.Update(m.FirstOf())
	m.View()
	return &endless{m: m}
}

// come brings some events, each about something new, and among them a few that are rejected.
func (e *endless) come(events int) {
	const perBatch, perRejected = 500, 4
	for range events / perBatch {
		var orders, jobs []*status.Row
		var entries []*feed.Entry
		c := &e.counts
		for i := range perBatch {
			c.LastSeq++
			c.Verified++
			row := receiver.Row{
				Key: receiver.Key{Kind: receiver.Order, ID: fmt.Sprint("order-", c.LastSeq)}, Type: "ARCHIVE", Host: fmt.Sprint("host-", c.LastSeq), Status: "PLACED",
				Name: fmt.Sprint("name ", c.LastSeq), Trust: receiver.FullTrust, FirstSeen: time.Now(), LastChange: time.Now(), Events: 1, Seq: c.LastSeq,
			}
			if i%2 == 1 {
				row.Kind, row.Status = receiver.Job, "RUNNING"
				jobs = append(jobs, status.RowOf(&row))
				c.Rows[1]++
			} else {
				orders = append(orders, status.RowOf(&row))
				c.Rows[0]++
			}
			event := receiver.Event{Seq: c.LastSeq, ReceivedAt: time.Now(), Verdict: receiver.Verified, Webhook: fmt.Sprint("webhook-", c.LastSeq%20)}
			event.Name, event.Kind, event.ID, event.Status = receiver.OrderStatus, row.Kind, row.ID, row.Status
			entries = append(entries, feed.EntryOf(&event, false))
			if i%perRejected == 0 {
				c.LastRejected++
				c.Rejected++
				entries = append(entries, feed.EntryOf(&receiver.Event{Seq: c.LastRejected, ReceivedAt: time.Now(), Verdict: receiver.Rejected, Reason: "stale"}, true))
			}
		}
		c.LastArrival = time.Now()
		e.m.Update(e.m.BatchOf(orders, entries, *c))
		e.m.Update(e.m.JobsOf(jobs, *c))
	}
	e.m.View()
}

// inUse is the memory that is in use.
func inUse() int64 {
	var m runtime.MemStats
	for range 5 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Once the pages have as many rows and deliveries as they keep, they keep only the numbers of older
// rows.
func TestTheScreenKeepsAPartOfTheLog(t *testing.T) {
	const rows, first, more, perEvent = 300, 5000, 10_000, 20
	e := newEndless(t, rows)
	e.m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("2")})
	e.come(first)
	before := inUse()
	e.come(more)
	grown := int64(0)
	require.Eventually(t, func() bool { // the runtime frees what is unique when it has time
		grown = inUse() - before
		return grown < more*perEvent
	}, time.Minute, 20*time.Millisecond, "bytes more; a row has more than 140")
	t.Logf("%d bytes more, of %d", grown, before)
	runtime.KeepAlive(e)
}
