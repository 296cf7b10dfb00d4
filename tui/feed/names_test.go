package feed_test

import (
	"context"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// through makes a delivery of a webhook.
func through(webhook string) *receiver.Event {
	e := &receiver.Event{ReceivedAt: noon, Verdict: receiver.Verified, Webhook: webhook}
	e.Name, e.Kind, e.ID, e.Status = receiver.OrderStatus, receiver.Order, "an-order", "PLACED"
	return e
}

func rejected() *receiver.Event {
	return &receiver.Event{ReceivedAt: noon, Verdict: receiver.Rejected, Reason: "stale"}
}

// shown is a page with a log in memory, at the end of which the test adds deliveries.
type shown struct {
	*feed.Page
	screen *tuitest.Screen
	log    *receivertest.Log
	names  map[string]string
}

// within runs a test on a page that lists what is in a log.
func within(t *testing.T, test func(p *shown), deliveries ...*receiver.Event) {
	t.Helper()
	withinReader(t, func(l *receivertest.Log) receiver.Reader { return l }, test, deliveries...)
}

// withinReader is within for a page that reads the log through something.
func withinReader(t *testing.T, through func(*receivertest.Log) receiver.Reader, test func(p *shown), deliveries ...*receiver.Event) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &shown{screen: tuitest.New(t, 140, 20), log: receivertest.NewLog(), names: map[string]string{}}
		pool := command.NewPool()
		defer pool.Close()
		p.Page = feed.New(feed.Options{
			Log: through(p.log), Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: func() time.Time { return noon },
			Empty: func() []string { return nil },
			Names: func() map[string]string { return maps.Clone(p.names) },
			Do:    pool.For(func(msg tea.Msg) tea.Cmd { return p.Page.Update(msg) }),
			Kept:  40,
		})
		p.screen.Update = func(msg tea.Msg) tea.Cmd { return msg.(command.Answer).Take() }
		p.SetSize(140, 20)
		p.add(deliveries...)
		test(p)
	})
}

// Do runs a command, and what follows from it.
func (p *shown) Do(cmd tea.Cmd) { p.screen.Do(cmd) }

// add adds deliveries to the log, and tells the page.
func (p *shown) add(deliveries ...*receiver.Event) {
	n := feed.News{Oldest: 1}
	p.log.Add(deliveries...)
	for _, e := range deliveries {
		n.Entries = append(n.Entries, feed.EntryOf(e, e.Verdict == receiver.Rejected))
	}
	c, _ := p.log.Counts(context.Background())
	n.Newest, n.LastRejected = c.LastSeq, c.LastRejected
	p.Do(p.Take(&n))
	p.Do(p.ReadFurther())
}

// filter sets a filter and returns how many deliveries pass.
func (p *shown) filter(expr string) int {
	p.Do(p.SetFilter(expr))
	n, _ := p.Len()
	return n
}

func TestWebhooksHaveNames(t *testing.T) {
	within(t, func(p *shown) {
		p.names["w-1"] = "orders\x1b[2J"
		p.Rename()
		assert.Contains(t, p.View(), `orders\u001b[2J`)
		assert.Contains(t, p.View(), " 01234567… ")
		assert.Equal(t, 1, p.filter("orders"))
		assert.Equal(t, 1, p.filter("webhook:orders"))
	}, through("w-1"), through("0123456789"), through(""), rejected())
}

func TestRenameUpdatesTheFilter(t *testing.T) {
	within(t, func(p *shown) {
		p.names["w-1"], p.names["w-2"] = "old", "other"
		p.Rename()
		assert.Equal(t, 2, p.filter("old"))
		p.names["w-1"] = "new"
		p.Rename()
		p.Do(p.ReadFurther())
		shown, all := p.Len()
		assert.Equal(t, []int{0, 4}, []int{shown, all})
		assert.Equal(t, 2, p.filter("new"))
		assert.Equal(t, 1, p.filter("other"))
	}, rejected(), through("w-1"), through("w-2"), through("w-1"))
}

// A conflict has a mark and a word, and is found by the word.
func TestAConflictIsMarked(t *testing.T) {
	e := through("")
	e.ConflictsWith = 7
	within(t, func(p *shown) {
		assert.Contains(t, p.View(), "≠ verified")
		assert.Contains(t, p.View(), "PLACED (conflict)")
		assert.Equal(t, 1, p.filter("conflict"))
	}, e, through(""))
}
