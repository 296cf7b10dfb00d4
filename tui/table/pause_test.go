package table_test

import (
	"fmt"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/table"
)

func TestPauseFreezesTheViewAndCounts(t *testing.T) {
	m := newTable(40, 5, &row{"a", 1, "alpha"}, &row{"b", 0, "beta"})
	m.SetPaused(true)
	before := m.View()
	m.Upsert(&row{"c", 2, "gamma"}, &row{"a", 3, "changed"})
	m.Upsert(&row{"c", 4, "gamma again"})
	m.Remove("b")
	assert.Equal(t, before, m.View())
	assert.Equal(t, 2, m.NewRows(), "distinct rows")
	m.SetFilter("beta")
	assert.Equal(t, []string{"b"}, shown(m), "a paused table can be filtered")
	m.SetFilter("")
	m.SetPaused(true)
	m.SetPaused(false)
	assert.Zero(t, m.NewRows())
	assert.Equal(t, []string{"c", "a"}, shown(m))
}

func TestPauseKeepsTheLimit(t *testing.T) {
	o := options(termenv.Ascii)
	o.Limit = 10
	m := table.New(o)
	m.Upsert(numbered(10)...)
	m.SetPaused(true)
	for i := range 1000 {
		m.Upsert(&row{"n" + fmt.Sprint(i), 100 + i, "n"})
	}
	assert.Equal(t, 1000, m.NewRows(), "all new rows are counted")
	m.SetPaused(false)
	n, total := m.Len()
	assert.Equal(t, []int{10, 10}, []int{n, total})
	assert.Equal(t, "n999", selected(m))
}
