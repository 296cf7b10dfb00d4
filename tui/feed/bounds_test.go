package feed_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/theme"
)

// long is a delivery whose texts are all long.
func long(seq, length int) *receiver.Event {
	text := fmt.Sprint(seq, " ", strings.Repeat("x", length))
	marks := fmt.Sprint(seq, strings.Repeat("\u0301", length/2))
	return &receiver.Event{
		ReceivedAt: noon, Verdict: receiver.Rejected, Reason: "stale", Webhook: text, Secret: receiver.SecretRef("1"),
		Message: receiver.Message{
			Name: text, Kind: receiver.Order, ID: text, Status: receiver.Status(text), SubStatus: receiver.Status(marks), TaskID: text,
			DisplayName: marks, Type: text, Host: marks,
		},
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestLongTextsTakeLittleMemory(t *testing.T) {
	const n = 60
	entries := make([]*feed.Entry, n)
	before := heap()
	for i := range entries {
		entries[i] = feed.EntryOf(long(i, 60_000), true)
	}
	took := (heap() - before) / n
	assert.Less(t, took, int64(12<<10), "bytes for each")
	runtime.KeepAlive(entries)
	within(t, func(p *shown) { assert.Contains(t, p.View(), "xxxxxxx…") }, long(1, 60_000))
}

// Filters search all of an id, however long it is.
func TestLongIDsAreFound(t *testing.T) {
	id := strings.Repeat("a", receiver.MaxID-1) + "z"
	var events []*receiver.Event
	for _, id := range []string{id, id + "more", strings.Repeat("b", 60_000) + "end"} {
		e := through("")
		e.ID = id
		events = append(events, e)
	}
	within(t, func(p *shown) {
		for expr, want := range map[string]int{"id:aaa": 2, "id:bbb": 1, "id:" + id: 2, "id:=" + id: 1, strings.Repeat("b", 300): 1, "end": 1} {
			assert.Equal(t, want, p.filter(expr), expr)
		}
	}, events...)
}

// A flood of rejected deliveries must not replace the events on the page.
func TestThePageHasAsManyRejectedAsTheStore(t *testing.T) {
	within(t, func(p *shown) {
		for range 15 {
			some := make([]*receiver.Event, 100)
			for i := range some {
				some[i] = rejected()
			}
			p.add(some...)
		}
		_, all := p.Len()
		assert.Equal(t, receiver.RejectedKept+1, all)
		assert.True(t, p.Select(1))
		assert.True(t, p.Select(-1502))
		assert.False(t, p.Select(-1))
	}, through("w-1"), rejected(), rejected())
}

// The page keeps what it shows, and little else, wherever one looks.
func TestThePageKeepsLittle(t *testing.T) {
	events := make([]*receiver.Event, 3000)
	for i := range events {
		events[i] = through("w-1")
	}
	within(t, func(p *shown) {
		for range 50 {
			p.Page.Page(2)
			p.Do(p.ReadFurther())
			assert.NotContains(t, p.View(), "not read yet")
			assert.LessOrEqual(t, p.Kept(), 40+3*19)
		}
		p.End()
		assert.Contains(t, p.View(), "not read yet")
		s, _ := p.Subject()
		assert.Equal(t, detail.Subject{Key: receiver.Key{Test: true}, Seq: 1, Unread: true}, s)
		p.Do(p.ReadFurther())
		assert.NotContains(t, p.View(), "not read yet")
		s, _ = p.Subject()
		assert.Equal(t, "an-order", s.Key.ID)
	}, events...)
}

func TestALongIDIsCopiedWhole(t *testing.T) {
	var copied, said string
	p := feed.New(feed.Options{
		Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: func() time.Time { return noon }, Empty: func() []string { return nil }, Keys: keys.New(),
		Say:    func(_ note.Kind, words string) { said = words },
		CopyID: func(id string) tea.Cmd { copied = id; return nil },
		Do:     func(func(context.Context) tea.Msg) tea.Cmd { return nil },
	})
	p.SetSize(140, 20)
	e := long(1, 60_000)
	e.Seq = 1
	p.Take(&feed.News{Oldest: 1, LastRejected: 1, Entries: []*feed.Entry{feed.EntryOf(e, true)}})
	_, ok := p.Press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("y")})
	assert.True(t, ok)
	assert.Empty(t, copied, "it is only a part")
	assert.Contains(t, said, "enter shows the delivery")
}
