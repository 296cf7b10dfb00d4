package feed_test

import (
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/theme"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// through makes a delivery of a webhook.
func through(seq int64, webhook string) *feed.Entry {
	e := receiver.Event{Seq: seq, ReceivedAt: noon.Add(time.Duration(seq) * time.Second), Verdict: receiver.Verified, Webhook: webhook}
	e.Name, e.Kind, e.ID, e.Status = receiver.OrderStatus, receiver.Order, "an-order", "PLACED"
	return feed.EntryOf(&e)
}

func rejected(seq int64) *feed.Entry {
	return feed.EntryOf(&receiver.Event{Seq: seq, ReceivedAt: noon, Verdict: receiver.Rejected, Reason: "stale"})
}

// page makes a feed whose webhooks have names.
func page(names map[string]string) *feed.Page {
	p := feed.New(feed.Options{
		Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: func() time.Time { return noon },
		Empty:  func() []string { return nil },
		NameOf: func(id string) string { return names[id] },
	})
	p.SetSize(140, 20)
	p.Start(&feed.Chunk{})
	return p
}

func TestWebhooksHaveNames(t *testing.T) {
	names := map[string]string{"w-1": "orders\x1b[2J"}
	p := page(names)
	p.Add([]*feed.Entry{through(1, "w-1"), through(2, "0123456789"), through(3, ""), rejected(1)})
	assert.Contains(t, p.View(), `orders\u001b[2J`)
	assert.Contains(t, p.View(), " 01234567… ")
	p.SetFilter("orders")
	shown, all := p.Len()
	assert.Equal(t, []int{1, 4}, []int{shown, all})
}

func TestRenameUpdatesEntriesAndFilter(t *testing.T) {
	names := map[string]string{"w-1": "old", "w-2": "other"}
	p := page(names)
	p.Add([]*feed.Entry{rejected(7), through(100, "w-1"), through(101, "w-2"), through(102, "w-1")})
	p.SetFilter("old")
	names["w-1"] = "new"
	p.Rename()
	shown, all := p.Len()
	assert.Equal(t, []int{0, 4}, []int{shown, all})
	p.SetFilter("new")
	shown, _ = p.Len()
	assert.Equal(t, 2, shown)
	p.SetFilter("other")
	shown, _ = p.Len()
	assert.Equal(t, 1, shown)
}

// A conflict has a mark and a word, and is found by the word.
func TestAConflictIsMarked(t *testing.T) {
	p := page(nil)
	e := receiver.Event{Seq: 9, ReceivedAt: noon, Verdict: receiver.Verified, ConflictsWith: 7}
	e.Name, e.Kind, e.ID, e.Status = receiver.OrderStatus, receiver.Order, "an-order", "PLACED"
	p.Add([]*feed.Entry{feed.EntryOf(&e), through(1, "")})
	assert.Contains(t, p.View(), "≠ verified")
	assert.Contains(t, p.View(), "PLACED (conflict)")
	p.SetFilter("conflict")
	shown, all := p.Len()
	assert.Equal(t, []int{1, 2}, []int{shown, all})
}
