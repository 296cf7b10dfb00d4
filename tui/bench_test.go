package tui_test

import (
	"runtime"
	"slices"
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
	"github.com/up42/up42-webhooks/tui/tuitest"
)

const (
	boardRows = 100_000
	perBatch  = 17 // what 1,000 events a second bring in a frame
)

// board makes a dashboard of 200×60 with a hundred thousand orders.
func board(b *testing.B, page string) *tui.Model {
	b.Helper()
	return boardOf(b, newMemory(), page)
}

// boardOf makes it on a log, of which it shows some.
func boardOf(b *testing.B, log *memory, page string) *tui.Model {
	b.Helper()
	m := tui.New(tui.Options{
		Log:      log,
		Receiver: tui.Receiver{Address: "127.0.0.1:9888", Path: "/receive-webhooks"},
		Theme:    theme.New(theme.Options{Profile: termenv.TrueColor, Name: theme.Dark}),
		Now:      time.Now,
		Rows:     boardRows,
	})
	b.Cleanup(m.Close)
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	m.Update(m.FirstOf())
	rows := make([]*status.Row, boardRows)
	entries := make([]*feed.Entry, 200)
	for i := range rows {
		rows[i] = boardRow(i, int64(i+1))
	}
	for i := range entries {
		entries[i] = boardEntry(i, int64(i+1))
	}
	m.Update(m.BatchOf(rows, entries, receiver.Counts{Verified: boardRows, Rows: receiver.RowCounts{boardRows}, LastSeq: boardRows}))
	m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(page)})
	m.View()
	return m
}

func boardRow(i int, seq int64) *status.Row {
	return status.RowOf(&receiver.Row{
		Key: receiver.Key{Kind: receiver.Order, ID: id(i)}, Type: "ARCHIVE", Host: "oneatlas", Status: "BEING_FULFILLED",
		Trust: receiver.FullTrust, FirstSeen: noon, LastChange: noon.Add(time.Duration(seq) * time.Millisecond),
		Events: 3, Seq: seq, ShortJourney: "000",
	})
}

func boardEntry(i int, seq int64) *feed.Entry {
	e := receiver.Event{Seq: seq, ReceivedAt: noon.Add(time.Duration(seq) * time.Millisecond), Verdict: receiver.Verified}
	e.Name, e.Kind, e.ID, e.Status, e.LiveMode = receiver.OrderStatus, receiver.Order, id(i), "BEING_FULFILLED", true
	return feed.EntryOf(&e, false)
}

// BenchmarkScreenBatch measures a frame while 1,000 events a second come. It should
// take less than 2 ms.
func BenchmarkScreenBatch(b *testing.B) {
	for name, page := range map[string]string{"overview": "0", "orders": "2", "events": "3"} {
		b.Run(name, func(b *testing.B) {
			m := board(b, page)
			seq := int64(boardRows)
			for b.Loop() {
				b.StopTimer()
				rows, entries := make([]*status.Row, perBatch), make([]*feed.Entry, perBatch)
				for i := range rows {
					seq++
					at := int(seq*7919) % boardRows
					rows[i], entries[i] = boardRow(at, seq), boardEntry(at, seq)
				}
				msg := m.BatchOf(rows, entries, receiver.Counts{Verified: seq, Rows: receiver.RowCounts{boardRows}, LastSeq: seq, LastArrival: time.Now()})
				b.StartTimer()
				m.Update(msg)
				m.View()
			}
		})
	}
}

// BenchmarkScreenKey measures a key and its frame. It should take less than 2 ms.
func BenchmarkScreenKey(b *testing.B) {
	for name, page := range map[string]string{"overview": "0", "orders": "2", "events": "3"} {
		b.Run(name, func(b *testing.B) {
			m := board(b, page)
			down, up := tea.KeyMsg{Type: tea.KeyDown}, tea.KeyMsg{Type: tea.KeyUp}
			for i := 0; b.Loop(); i++ {
				if i%2000 < 1000 {
					m.Update(down)
				} else {
					m.Update(up)
				}
				m.View()
			}
		})
	}
}

// BenchmarkScreenMarked measures a key and its frame while a filter has a match in each row. It
// should take less than 8 ms.
func BenchmarkScreenMarked(b *testing.B) {
	m := board(b, "2")
	for _, msg := range tuitest.Keys("/", "being_ful oneatlas arch", "enter") {
		_, cmd := m.Update(msg)
		for _, answer := range answersOf(cmd) {
			m.Update(answer)
		}
	}
	require.Contains(b, m.View(), "(100,000 of 100,000)")
	next := tuitest.Keys("n")[0]
	for b.Loop() {
		m.Update(next)
		m.View()
	}
}

// BenchmarkScreenBeside measures a key, the answer with the details of the next row, and their
// frames. 99 of 100 frames should take less than 8 ms, whatever else the machine does.
func BenchmarkScreenBeside(b *testing.B) {
	for name, page := range map[string]string{"overview": "0", "orders": "2", "events": "3"} {
		b.Run(name, func(b *testing.B) {
			log := newMemory()
			const kept = 200
			for i := range kept {
				log.Add(order(boardRows-1-i, "PLACED", 0))
			}
			m := boardOf(b, log, page)
			var took []time.Duration
			frame := func(msg tea.Msg) tea.Cmd {
				began := time.Now()
				_, cmd := m.Update(msg)
				m.View()
				took = append(took, time.Since(began))
				return cmd
			}
			for i := 0; b.Loop(); i++ {
				key := tea.KeyMsg{Type: tea.KeyDown}
				if i%kept >= kept/2 {
					key.Type = tea.KeyUp
				}
				cmd := frame(key)
				b.StopTimer()
				answers := answersOf(cmd)
				b.StartTimer()
				for _, msg := range answers {
					frame(msg)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms/p99")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/longest")
		})
	}
}

// answersOf runs a command and returns its messages.
func answersOf(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		var all []tea.Msg
		for _, c := range msg {
			all = append(all, answersOf(c)...)
		}
		return all
	default:
		return []tea.Msg{msg}
	}
}

// BenchmarkScreenFilterKey measures a letter of a filter, without the search, which
// a command does.
func BenchmarkScreenFilterKey(b *testing.B) {
	m := board(b, "2")
	m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("/")})
	for i := 0; b.Loop(); i++ {
		key := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")}
		if i%2 == 1 {
			key = tea.KeyMsg{Type: tea.KeyBackspace}
		}
		m.Update(key)
		m.View()
	}
}

// BenchmarkScreenRows measures the memory of rows and entries in their tables.
func BenchmarkScreenRows(b *testing.B) {
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := board(b, "2")
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB/board")
		runtime.KeepAlive(m)
	}
}
