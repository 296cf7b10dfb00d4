package filtered_test

import (
	"cmp"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

type row struct {
	id     int
	status receiver.Status
	at     time.Time
}

// clock is a clock that a test sets.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

// rows makes a table of rows, and its clock, which shows noon.
func rows(all ...*row) (*filtered.Table[int, *row], *clock) {
	c := &clock{time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)}
	for _, r := range all {
		r.at = c.now
	}
	t := table.New(table.Options[int, *row]{
		Columns: []table.Column[*row]{{Title: "ID", Min: 4, Cell: func(r *row, _ int) string { return string(r.status) }}},
		ID:      func(r *row) int { return r.id },
		Orders:  []table.Order[*row]{{Name: "id", Compare: func(a, b *row) int { return cmp.Compare(a.id, b.id) }}},
		Theme:   theme.New(theme.Options{Profile: termenv.Ascii}),
	})
	t.Upsert(all...)
	return filtered.New(t, filtered.Options[*row]{
		Passes: func(f *filter.Filter, r *row, now time.Time) bool {
			words := [...]string{string(r.status)}
			return f.Match(&filter.Subject{Status: r.status, At: r.at, Words: words[:]}, now)
		},
		Keys: []filter.Key{filter.Status, filter.Since, filter.Until},
		Now:  c.read,
	}), c
}

func shown(m *filtered.Table[int, *row]) int {
	n, _ := m.Len()
	return n
}

func TestTypedAndFinalExpressions(t *testing.T) {
	for expr, want := range map[string]struct{ typed, final int }{
		"":                       {3, 3},
		"placed":                 {1, 1},
		"-placed":                {2, 2},
		"status:FULF":            {2, 0},
		"status:FULFILLED":       {2, 2},
		"status:":                {3, 3},
		"nokey:FULFILLED placed": {1, 1},
		"is:failed -is:failed":   {0, 0},
	} {
		m, _ := rows(&row{id: 1, status: "PLACED"}, &row{id: 2, status: "FULFILLED"}, &row{id: 3, status: "FULFILLED"})
		assert.Nil(t, m.TypeFilter(expr))
		assert.Equal(t, want.typed, shown(m), "typed: %s", expr)
		assert.Nil(t, m.SetFilter(expr))
		assert.Equal(t, want.final, shown(m), "final: %s", expr)
		assert.Equal(t, expr, m.Filter())
	}
}

func TestCheckPointsAtTheWord(t *testing.T) {
	m, _ := rows()
	for expr, want := range map[string]string{
		"status:FULFILLED": "",
		"stats:FULFILLED":  "stats",
		"a status:":        "",
		"a kind:order":     "kind:order",
		"since:soon x":     "soon",
	} {
		wrong := m.Check(expr)
		if want == "" && expr != "a status:" {
			assert.Nil(t, wrong, expr)
			continue
		}
		require.NotNil(t, wrong, expr)
		assert.Equal(t, want, wrong.Expr[wrong.Pos:wrong.End], expr)
	}
	require.Len(t, m.Doubts("status:FULFILED"), 1)
	assert.Equal(t, "FULFILLED", m.Doubts("status:FULFILED")[0].Suggestion)
	assert.Empty(t, m.Doubts("status:"))
	assert.Empty(t, m.Doubts("status:FULFILLED"))
}

func TestTickAppliesATimeFilterAgain(t *testing.T) {
	m, c := rows(&row{id: 1, status: "PLACED"}, &row{id: 2, status: "PLACED"})
	m.SetFilter("since:10m")
	assert.Equal(t, 2, shown(m))
	c.now = c.now.Add(9 * time.Minute)
	m.Upsert(&row{id: 3, status: "PLACED", at: c.now})
	assert.Nil(t, m.Tick())
	assert.Equal(t, 3, shown(m))

	c.now = c.now.Add(2 * time.Minute)
	assert.Equal(t, 3, shown(m), "nothing changes before the tick")
	m.SetPaused(true)
	m.Tick()
	assert.Equal(t, 3, shown(m), "nothing changes while the view is paused")
	m.SetPaused(false)
	m.Tick()
	assert.Equal(t, 1, shown(m))

	m.SetFilter("until:1m")
	assert.Equal(t, 3, shown(m))
	m.SetFilter("placed")
	assert.Nil(t, m.Tick())
	assert.Equal(t, 3, shown(m))
}

// Until the filter is applied again, a row that it would hide by now is found where it is shown.
func TestARowThatChangesIsShownOnce(t *testing.T) {
	m, c := rows(&row{id: 1, status: "PLACED"}, &row{id: 2, status: "PLACED"})
	m.SetFilter("since:10m")
	c.now = c.now.Add(11 * time.Minute)
	m.Upsert(&row{id: 1, status: "FULFILLED", at: c.now})
	assert.Equal(t, 2, shown(m))
	m.Tick()
	assert.Equal(t, 1, shown(m))
}

func TestManyRowsAreFilteredByACommand(t *testing.T) {
	all := make([]*row, 3000)
	for i := range all {
		all[i] = &row{id: i, status: "PLACED"}
	}
	m, c := rows(all...)
	assert.Nil(t, m.Tick(), "there is no filter")
	cmd := m.SetFilter("since:10m")
	require.NotNil(t, cmd)
	assert.Nil(t, m.Tick(), "the filter is still being set")
	m.Update(cmd())
	c.now = c.now.Add(time.Hour)
	cmd = m.Tick()
	require.NotNil(t, cmd)
	assert.False(t, m.Busy())
	m.Update(cmd())
	assert.Zero(t, shown(m))
}
