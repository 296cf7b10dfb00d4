package table_test

import (
	"fmt"
	"runtime"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

// large makes a coloured table of ten columns, 200 cells wide, with 42 rows on the
// screen.
func large(b *testing.B, rows int) (*table.Model[string, *row], []*row) {
	b.Helper()
	o := options(termenv.TrueColor)
	o.Columns[2].Style = func(*row) theme.Style { return o.Theme.Dim }
	for len(o.Columns) < 9 {
		o.Columns = append(o.Columns, o.Columns[0])
	}
	o.Columns = append(o.Columns, table.Column[*row]{
		Title: "JOURNEY", Min: 20,
		Style: func(*row) theme.Style { return o.Theme.Success },
		Cell:  func(*row, int) string { return "●──●──●──◐" },
	})
	o.Limit = rows
	m := table.New(o)
	m.SetSize(200, 43)
	all := make([]*row, rows)
	for i := range all {
		all[i] = &row{fmt.Sprintf("%08d-3c2e-4d7b-9a1f-000000000000", i), i, "order of the day"}
	}
	m.Upsert(all...)
	return m, all
}

var sizes = []int{100, 10_000, 100_000}

func BenchmarkView(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, _ := large(b, n)
			b.ReportAllocs()
			for b.Loop() {
				m.Invalidate()
				m.View()
			}
		})
	}
}

func BenchmarkMoveAndView(b *testing.B) {
	m, _ := large(b, 100_000)
	for b.Loop() {
		m.Move(1)
		m.View()
	}
}

// BenchmarkUpsertAndView changes 17 rows in all parts of the table, which makes them
// the newest.
func BenchmarkUpsertAndView(b *testing.B) {
	for _, c := range []struct {
		name, filter string
		order, size  int
	}{
		{"first order/10000", "", 0, 10_000},
		{"first order/100000", "", 0, 100_000},
		{"another order/100000", "", 1, 100_000},
		{"filtered/100000", "order 0", 0, 100_000},
	} {
		b.Run(c.name, func(b *testing.B) {
			m, rows := large(b, c.size)
			arrange(m, m.SetOrder(c.order))
			arrange(m, m.SetFilter(c.filter))
			m.Move(10)
			at := len(rows)
			batch := make([]*row, 17)
			b.ReportAllocs()
			for b.Loop() {
				for i := range batch {
					at++
					old := rows[at*7919%len(rows)]
					batch[i] = &row{old.id, at, old.name}
				}
				m.Upsert(batch...)
				m.View()
			}
		})
	}
}

func arrange(m *table.Model[string, *row], cmd tea.Cmd) {
	if cmd != nil {
		m.Update(cmd())
	}
}

// BenchmarkUpsertNewAtTheLimit adds rows to a full table, which removes the oldest.
func BenchmarkUpsertNewAtTheLimit(b *testing.B) {
	m, rows := large(b, 100_000)
	at := len(rows)
	batch := make([]*row, 17)
	for b.Loop() {
		for i := range batch {
			at++
			batch[i] = &row{fmt.Sprint("new", at), at, "n"}
		}
		m.Upsert(batch...)
	}
}

// BenchmarkAsk measures how long a key blocks the screen. BenchmarkAnswer measures
// the rest of the work.
func BenchmarkAsk(b *testing.B) {
	m, _ := large(b, 100_000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.SetFilter("order")
		m.SetFilter("") // stop the job
	}
}

func BenchmarkAnswer(b *testing.B) {
	for name, ask := range map[string]func(m *table.Model[string, *row]) tea.Cmd{
		"sort":   func(m *table.Model[string, *row]) tea.Cmd { return m.NextOrder() },
		"filter": func(m *table.Model[string, *row]) tea.Cmd { return m.SetFilter(m.Filter() + " 0") },
	} {
		b.Run(name, func(b *testing.B) {
			m, _ := large(b, 100_000)
			for b.Loop() {
				arrange(m, ask(m))
			}
		})
	}
}

// BenchmarkMemory reports the memory of a table of 100,000 rows, without the rows.
func BenchmarkMemory(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		rows := make([]*row, 100_000)
		for i := range rows {
			rows[i] = &row{fmt.Sprint(i), i, "n"}
		}
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := table.New(options(termenv.Ascii))
		for i := 0; i < len(rows); i += 1000 {
			m.Upsert(rows[i : i+1000]...)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/100_000, "B/row")
		runtime.KeepAlive(m)
		runtime.KeepAlive(rows)
	}
}
