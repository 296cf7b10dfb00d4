package table_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

type row struct {
	id   string
	at   int
	name string
}

func options(profile termenv.Profile) table.Options[string, *row] {
	th := theme.New(theme.Options{Profile: profile, Name: theme.Dark})
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
			{Name: "by id", Compare: func(*row, *row) int { return 0 }},
		},
		Text:  func(r *row) string { return r.name + " " + r.id },
		Theme: th,
		Empty: func(filtered bool) []string {
			if filtered {
				return []string{"no match"}
			}
			return []string{"nothing yet", "", "漢字 and more than fits into the width that there is"}
		},
	}
}

func newTable(w, h int, rows ...*row) *table.Model[string, *row] {
	m := table.New(options(termenv.Ascii))
	m.SetSize(w, h)
	m.Upsert(rows...)
	return m
}

// numbered makes n rows. The last one is the newest.
func numbered(n int) []*row {
	rows := make([]*row, n)
	for i := range rows {
		rows[i] = &row{fmt.Sprintf("r%03d", i), i, "n"}
	}
	return rows
}

func selected(m *table.Model[string, *row]) string {
	r, ok := m.Selected()
	if !ok {
		return ""
	}
	return r.id
}

// shown returns the ids in the lines of a view that is 40 cells wide.
func shown(m *table.Model[string, *row]) (ids []string) {
	for _, line := range strings.Split(m.View(), "\n")[1:] {
		if f := strings.Fields(line); len(f) > 0 {
			ids = append(ids, f[len(f)-1])
		}
	}
	return ids
}

func screen(lines ...string) string { return strings.Join(lines, "\n") }

func TestScreens(t *testing.T) {
	m := newTable(40, 6)
	assert.Equal(t, screen(
		"  NAME                AT↓  ID           ",
		"  nothing yet                           ",
		"                                        ",
		"  漢字 and more than fits into the width",
		"  that there is                         ",
		"                                        ",
	), m.View())
	m.Upsert(&row{"a", 1, "alpha"}, &row{"b", 3, "beta 漢字"}, &row{"c", 2, "a name that is long enough to be cut"})
	m.Move(1)
	assert.Equal(t, screen(
		"  NAME                AT↓  ID           ",
		"  beta 漢字             3  b            ",
		"▌ a name that is…       2  c            ",
		"  alpha                 1  a            ",
		"                                        ",
		"                                        ",
	), m.View())
	m.SetSize(20, 3)
	assert.Equal(t, screen(
		"  NAME           AT↓",
		"  beta 漢字        3",
		"▌ a name th…       2",
	), m.View(), "the column with the highest Drop goes, the cursor stays in sight")
	m.NextOrder()
	assert.Equal(t, screen(
		"  NAME↓           AT",
		"▌ a name th…       2",
		"  alpha            1",
	), m.View())
	m.SetFilter("nothing like it")
	assert.Equal(t, screen(
		"  NAME↓           AT",
		"  no match          ",
		"                    ",
	), m.View())
}

func TestStylesCoverTheirCellsAndEnd(t *testing.T) {
	o := options(termenv.ANSI)
	o.Style = func(r *row) theme.Style {
		if r.at == 1 {
			return o.Theme.Failure
		}
		return theme.Style{}
	}
	o.Columns = o.Columns[:2]
	o.Columns[1].Style = func(*row) theme.Style { return o.Theme.Success }
	m := table.New(o)
	m.SetSize(16, 3)
	m.Upsert(&row{"a", 2, "x"}, &row{"b", 1, "y"})
	lines := strings.Split(m.View(), "\n")
	under := o.Theme.UnderCursor
	assert.Equal(t, under(o.Theme.Accent).Apply("▌ ")+o.Theme.Cursor.Apply("x        ")+under(o.Theme.Success).Apply("    2"), lines[1])
	assert.Equal(t, "  "+o.Theme.Failure.Apply("y        ")+o.Theme.Success.Apply("    1"), lines[2])
}

func TestViewIsKeptUntilSomethingChanges(t *testing.T) {
	o, drawn := options(termenv.Ascii), 0
	o.Columns[0].Cell = func(r *row, _ int) string { drawn++; return r.name }
	m := table.New(o)
	m.SetSize(40, 5)
	m.Upsert(numbered(100)...)
	m.View()
	m.View()
	assert.Equal(t, 4, drawn, "only rows on the screen are drawn, and only once")
	m.Invalidate()
	m.View()
	assert.Equal(t, 8, drawn)
	m.SetSize(40, 5)
	m.View()
	assert.Equal(t, 8, drawn)
}

func TestAnySizeIsFilledExactly(t *testing.T) {
	full := newTable(0, 0, numbered(30)...)
	full.Upsert(&row{"wide", 15, "漢字漢字漢字"})
	empty := newTable(0, 0)
	assert.Empty(t, table.New(options(termenv.Ascii)).View(), "View may be called before SetSize")
	for _, m := range []*table.Model[string, *row]{full, empty} {
		for w := range 45 {
			for h := range 5 {
				m.SetSize(w, h)
				m.Move(7)
				if w == 0 || h == 0 {
					assert.Empty(t, m.View())
					continue
				}
				lines := strings.Split(m.View(), "\n")
				assert.Len(t, lines, h)
				for _, l := range lines {
					assert.Equal(t, w, text.Width(l), "%q", l)
				}
			}
		}
	}
}

func TestTheLimitRemovesTheLastRowsInTheFirstOrder(t *testing.T) {
	o := options(termenv.Ascii)
	o.Limit = 10
	m := table.New(o)
	m.SetSize(40, 20)
	m.NextOrder()
	m.SetFilter("r00 r01")
	m.Upsert(numbered(25)...)
	_, total := m.Len()
	assert.Equal(t, 10, total)
	m.SetFilter("")
	assert.Equal(t, []string{"r015", "r016", "r017", "r018", "r019", "r020", "r021", "r022", "r023", "r024"}, shown(m))
	m.Upsert(&row{"old", 3, "n"})
	_, ok := m.Get("old")
	assert.False(t, ok)
	assert.Len(t, shown(m), 10)
	m.Upsert(&row{"r024", 3, "n"}, &row{"more", 99, "n"})
	_, ok = m.Get("r024")
	assert.False(t, ok, "a row that becomes the last is removed")
}

func TestResetKeepsFilterAndOrder(t *testing.T) {
	m := newTable(40, 5, numbered(30)...)
	m.Quick(10)
	m.Move(9)
	m.SetFilter("r01")
	m.SetPaused(true)
	m.Upsert(&row{"new", 99, "n"})
	m.Reset()
	assert.False(t, m.Busy())
	assert.True(t, m.Paused())
	assert.Zero(t, m.NewRows())
	assert.Equal(t, "r01", m.Filter())
	m.SetPaused(false)
	m.Upsert(numbered(30)...)
	n, total := m.Len()
	assert.Equal(t, []int{10, 30}, []int{n, total})
	assert.Equal(t, "r019", selected(m))
}
