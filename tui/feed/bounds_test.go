package feed_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/theme"
)

// long is a delivery whose texts are all long.
func long(seq int64, length int) *feed.Entry {
	text := fmt.Sprint(seq, " ", strings.Repeat("x", length))
	marks := fmt.Sprint(seq, strings.Repeat("\u0301", length/2))
	e := receiver.Event{
		Seq: seq, ReceivedAt: noon, Verdict: receiver.Rejected, Reason: "stale", Webhook: text, Secret: receiver.SecretRef("1"),
		Message: receiver.Message{
			Name: text, Kind: receiver.Order, ID: text, Status: receiver.Status(text), SubStatus: receiver.Status(marks), TaskID: text,
			DisplayName: marks, Type: text, Host: marks,
		},
	}
	return feed.EntryOf(&e)
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
	p := page(nil)
	before := heap()
	for i := range int64(n) {
		p.Add([]*feed.Entry{long(i+1, 60_000)})
	}
	took := (heap() - before) / n
	_, all := p.Len()
	assert.Equal(t, n, all)
	assert.Less(t, took, int64(12<<10), "bytes for each")
	assert.Contains(t, p.View(), "xxxxxxx…")
}

// Filters search as much of an id as the feed keeps. All ids that have a row are kept whole.
func TestLongIDsAreFound(t *testing.T) {
	id := strings.Repeat("a", receiver.MaxID-1) + "z"
	p := page(nil)
	for seq, id := range map[int64]string{1: id, 2: id + "more", 3: strings.Repeat("b", 60_000) + "end"} {
		p.Add([]*feed.Entry{feed.EntryOf(&receiver.Event{
			Seq: seq, ReceivedAt: noon, Verdict: receiver.Verified, Message: receiver.Message{Kind: receiver.Order, ID: id, Name: receiver.OrderStatus},
		})})
	}
	for expr, want := range map[string]int{"id:aaa": 2, "id:bbb": 1, "id:" + id: 2, "id:=" + id: 1, strings.Repeat("b", 300): 1, "end": 0} {
		p.SetFilter(expr)
		n, _ := p.Len()
		assert.Equal(t, want, n, expr)
	}
}

// A flood of rejected deliveries must not replace the events on the page.
func TestThePageHasAsManyRejectedAsTheStore(t *testing.T) {
	p := page(nil)
	p.Add([]*feed.Entry{through(1, "w-1"), rejected(1), rejected(2)})
	for seq := int64(3); seq <= 1500; seq += 100 {
		var some []*feed.Entry
		for i := seq; i < seq+100; i++ {
			some = append(some, rejected(i))
		}
		p.Add(some)
	}
	_, all := p.Len()
	assert.Equal(t, receiver.RejectedKept+1, all)
	assert.True(t, p.Select(1))
	assert.True(t, p.Select(-1502))
	assert.False(t, p.Select(-1))
	p.Add([]*feed.Entry{rejected(1_000_000)})
	_, all = p.Len()
	assert.Equal(t, receiver.RejectedKept+1, all, "the store keeps as many, whatever their numbers are")
}

func TestALongIDIsCopiedWhole(t *testing.T) {
	var copied, said string
	p := feed.New(feed.Options{
		Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: func() time.Time { return noon }, Empty: func() []string { return nil }, Keys: keys.New(),
		Say:    func(_ note.Kind, words string) { said = words },
		CopyID: func(id string) tea.Cmd { copied = id; return nil },
	})
	p.SetSize(140, 20)
	p.Start(&feed.Chunk{})
	p.Add([]*feed.Entry{long(1, 60_000)})
	_, ok := p.Press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("y")})
	assert.True(t, ok)
	assert.Empty(t, copied, "it is only a part")
	assert.Contains(t, said, "enter shows the delivery")
}
