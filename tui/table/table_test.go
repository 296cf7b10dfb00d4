package table_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

type row struct {
	id   string
	at   int
	name string
}

func options() table.Options[string, *row] {
	return table.Options[string, *row]{
		Columns: []table.Column[*row]{
			{Title: "NAME", Min: 6, Weight: 2, Cell: func(r *row, _ int) string { return r.name }},
			{Title: "AT", Min: 4, Max: 6, Weight: 1, Right: true, Drop: 1, Cell: func(r *row, _ int) string { return fmt.Sprint(r.at) }},
			{Title: "ID", Min: 8, Weight: 1, Drop: 2, Cell: func(r *row, _ int) string { return r.id }},
		},
		ID: func(r *row) string { return r.id },
		Orders: []table.Order[*row]{
			{Name: "newest first", Column: "AT", Compare: func(a, b *row) int { return cmp.Compare(b.at, a.at) }},
			{Name: "by name", Column: "NAME", Compare: func(a, b *row) int { return cmp.Compare(a.name, b.name) }},
		},
		Text:  func(r *row) string { return r.name + " " + r.id },
		Theme: theme.New(theme.Options{Profile: termenv.Ascii, Dark: true}),
		Empty: func(filtered bool) []string {
			if filtered {
				return []string{"no match"}
			}
			return []string{"nothing yet"}
		},
	}
}

func TestTableDrawsWhatIsSeen(t *testing.T) {
	m := table.New(options())
	m.SetSize(40, 6)
	assert.Equal(t, strings.Join([]string{
		"  NAME                AT↓  ID           ",
		"                                        ",
		"  nothing yet                           ",
		"                                        ",
		"                                        ",
		"                                        ",
	}, "\n"), blankedAfter(m.View(), "nothing yet"))
	m.Upsert(&row{"a", 1, "alpha"}, &row{"b", 3, "beta 漢字"}, &row{"c", 2, "a name that is long enough to be cut"})
	m.Move(1)
	assert.Equal(t, strings.Join([]string{
		"  NAME                AT↓  ID           ",
		"  beta 漢字             3  b            ",
		"▌ a name that is…       2  c            ",
		"  alpha                 1  a            ",
		"                                        ",
		"                                        ",
	}, "\n"), m.View())
	m.SetSize(20, 3)
	assert.Equal(t, "  NAME           AT↓\n  beta 漢字        3\n▌ a name th…       2", m.View(), "a column is dropped")
}

// blankedAfter leaves the place of an empty table's words open.
func blankedAfter(view, words string) string {
	lines := strings.Split(view, "\n")
	for i, l := range lines {
		if strings.Contains(l, words) {
			lines[2], lines[i] = l, lines[2]
		}
	}
	return strings.Join(lines, "\n")
}

func TestCursorFollowsItsRow(t *testing.T) {
	m := table.New(options())
	m.SetSize(40, 4)
	for i := range 10 {
		m.Upsert(&row{fmt.Sprint(i), i, "n"})
	}
	selected := func() string { r, _ := m.Selected(); return r.id }
	assert.Equal(t, "9", selected(), "untouched, it stays on the newest")
	m.Move(3)
	assert.Equal(t, "6", selected())
	before := m.View()
	m.Upsert(&row{"new", 99, "n"}, &row{"newer", 100, "n"})
	assert.Equal(t, "6", selected())
	assert.Equal(t, before, m.View(), "rows above the view do not move it")
	m.Remove("6")
	assert.Equal(t, "5", selected(), "the nearest takes over")
	m.Home()
	m.Upsert(&row{"newest", 101, "n"})
	assert.Equal(t, "newest", selected(), "back on top it follows again")
	m.End()
	assert.Equal(t, "0", selected())
	require.True(t, m.Select("3"))
	assert.Equal(t, "3", selected())
	assert.False(t, m.Select("none"))
}

func TestPauseKeepsTheViewAndCounts(t *testing.T) {
	m := table.New(options())
	m.SetSize(40, 5)
	m.Upsert(&row{"a", 1, "alpha"})
	m.SetPaused(true)
	before := m.View()
	m.Upsert(&row{"b", 2, "beta"}, &row{"a", 3, "changed"})
	m.Upsert(&row{"b", 4, "beta again"})
	assert.Equal(t, before, m.View())
	assert.Equal(t, 2, m.New(), "distinct rows")
	m.SetPaused(false)
	assert.Zero(t, m.New())
	assert.Contains(t, m.View(), "beta again")
	assert.Contains(t, m.View(), "changed")
}

func TestLimitDropsTheLastOfTheFirstOrder(t *testing.T) {
	o := options()
	o.Limit = 100
	m := table.New(o)
	for i := range 1000 {
		m.Upsert(&row{fmt.Sprint(i), i, "n"})
	}
	_, total := m.Len()
	assert.LessOrEqual(t, total, 105)
	_, ok := m.Get("999")
	assert.True(t, ok)
	_, ok = m.Get("10")
	assert.False(t, ok)
}

// TestTableAgainstANaiveOne plays random changes on the table and on a list
// that is sorted and filtered from scratch each time.
func TestTableAgainstANaiveOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := options()
		m := table.New(o)
		rows, paused := map[string]*row{}, map[string]*row{}
		order, filter := 0, ""
		var waiting []tea.Cmd
		m.SetSize(40, 8)
		// More rows than are arranged at once, so that commands are used too.
		if rapid.Bool().Draw(t, "many") {
			var base []*row
			for i := range 2500 {
				r := &row{fmt.Sprintf("base%d", i), i % 50, []string{"red", "green", "blue"}[i%3]}
				base = append(base, r)
				rows[r.id] = r
			}
			m.Upsert(base...)
		}
		drain := func() {
			for _, c := range waiting {
				m.Update(c())
			}
			waiting = nil
		}
		t.Repeat(map[string]func(*rapid.T){
			"upsert": func(t *rapid.T) {
				var batch []*row
				for range rapid.IntRange(1, 6).Draw(t, "n") {
					batch = append(batch, &row{
						rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "base7", "base8", "f", "g"}).Draw(t, "id"),
						rapid.IntRange(0, 60).Draw(t, "at"), rapid.SampledFrom([]string{"red", "green", "blue"}).Draw(t, "name"),
					})
				}
				m.Upsert(batch...)
				for _, r := range batch {
					if m.Paused() {
						paused[r.id] = r
					} else {
						rows[r.id] = r
					}
				}
			},
			"remove": func(t *rapid.T) {
				id := rapid.SampledFrom([]string{"a", "b", "base7", "zz"}).Draw(t, "id")
				m.Remove(id)
				delete(rows, id)
				delete(paused, id)
			},
			"filter": func(t *rapid.T) {
				filter = rapid.SampledFrom([]string{"", "re", "re -green", "zzz", "base1 blue"}).Draw(t, "filter")
				if c := m.SetFilter(filter); c != nil {
					waiting = append(waiting, c)
				}
			},
			"sort": func(*rapid.T) {
				order = (order + 1) % len(o.Orders)
				if c := m.NextOrder(); c != nil {
					waiting = append(waiting, c)
				}
			},
			"arrive": func(*rapid.T) { drain() },
			"pause": func(*rapid.T) {
				if m.Paused() {
					for id, r := range paused {
						rows[id] = r
					}
					clear(paused)
				}
				m.SetPaused(!m.Paused())
			},
			"move":   func(t *rapid.T) { m.Move(rapid.IntRange(-9, 9).Draw(t, "by")) },
			"page":   func(t *rapid.T) { m.Page(rapid.IntRange(-3, 3).Draw(t, "by")) },
			"end":    func(*rapid.T) { m.End() },
			"home":   func(*rapid.T) { m.Home() },
			"resize": func(t *rapid.T) { m.SetSize(rapid.IntRange(0, 50).Draw(t, "w"), rapid.IntRange(0, 12).Draw(t, "h")) },
			"": func(t *rapid.T) {
				shown, total := m.Len()
				assert.Equal(t, len(rows), total)
				if shown > 0 {
					_, ok := m.Selected()
					assert.True(t, ok, "there is always a row under the cursor")
				}
				m.View()
				if len(waiting) > 0 {
					return
				}
				m.SetSize(40, 8)
				lines := strings.Split(m.View(), "\n")
				require.Len(t, lines, 8)
				for _, l := range lines {
					assert.Equal(t, 40, text.Width(l))
				}
				want := naive(rows, o.Orders[order], filter)
				require.Equal(t, len(want), shown)
				if shown == 0 {
					return
				}
				r, _ := m.Selected()
				assert.Same(t, want[m.Index()], r)
				assert.Contains(t, m.View(), "▌ "+r.name)
			},
		})
	})
}

func naive(rows map[string]*row, order table.Order[*row], filter string) (out []*row) {
	for _, r := range rows {
		ok := true
		for _, w := range strings.Fields(filter) {
			rest, not := strings.CutPrefix(w, "-")
			ok = ok && strings.Contains(r.name+" "+r.id, rest) != not
		}
		if ok {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *row) int { return cmp.Or(order.Compare(a, b), cmp.Compare(a.id, b.id)) })
	return out
}

func full(b *testing.B) (*table.Model[string, *row], []*row) {
	b.Helper()
	o := options()
	for len(o.Columns) < 10 {
		o.Columns = append(o.Columns, o.Columns[0])
	}
	m := table.New(o)
	m.SetSize(200, 43)
	rows := make([]*row, 100_000)
	for i := range rows {
		rows[i] = &row{fmt.Sprintf("%08d-3c2e-4d7b-9a1f-000000000000", i), i, "order of the day"}
	}
	m.Upsert(rows...)
	return m, rows
}

func BenchmarkView(b *testing.B) {
	m, _ := full(b)
	for b.Loop() {
		m.Invalidate()
		m.View()
	}
}

func BenchmarkMoveAndView(b *testing.B) {
	m, _ := full(b)
	for b.Loop() {
		m.Move(1)
		m.View()
	}
}

func BenchmarkUpsert17AndView(b *testing.B) {
	m, rows := full(b)
	at := len(rows)
	for b.Loop() {
		batch := make([]*row, 17)
		for i := range batch {
			at++
			old := rows[at*7919%len(rows)]
			batch[i] = &row{old.id, at, old.name}
		}
		m.Upsert(batch...)
		m.View()
	}
}

func BenchmarkAskForAnotherOrder(b *testing.B) {
	m, _ := full(b)
	for b.Loop() {
		if m.NextOrder() == nil {
			b.Fatal("it was sorted on the screen's path")
		}
	}
}
