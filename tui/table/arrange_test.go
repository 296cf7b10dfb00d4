package table_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/table"
)

func TestFilterWords(t *testing.T) {
	rows := []*row{{"a", 4, "Red FULFILLED"}, {"b", 3, "red failed"}, {"c", 2, "Žilina failed"}, {"d", 1, "re-d"}}
	for words, want := range map[string][]string{
		"":            {"a", "b", "c", "d"},
		"  ":          {"a", "b", "c", "d"},
		"red":         {"a", "b"},
		"RED fulf":    {"a"},
		"fulf RED":    {"a"},
		"-red":        {"c", "d"},
		"failed -red": {"c"},
		"žilina":      {"c"},
		"-":           {"a", "b", "c", "d"},
		"re-d":        {"d"},
		"red -red":    nil,
	} {
		m := newTable(40, 10, rows...)
		assert.Nil(t, m.SetFilter(words))
		n, total := m.Len()
		assert.Equal(t, []int{len(want), len(rows)}, []int{n, total}, words)
		if n > 0 {
			assert.Equal(t, want, shown(m), words)
		}
		assert.Equal(t, words, m.Filter())
	}
}

func TestTheFilterAppliesToNewRows(t *testing.T) {
	m := newTable(40, 10, &row{"a", 1, "red"}, &row{"b", 2, "blue"})
	m.SetFilter("red")
	m.Upsert(&row{"b", 2, "red now"}, &row{"a", 1, "green now"}, &row{"c", 3, "red"}, &row{"d", 4, "blue"})
	assert.Equal(t, []string{"c", "b"}, shown(m))
}

func TestLargeTablesAreArrangedByACommand(t *testing.T) {
	m := newTable(40, 6, numbered(30)...)
	m.Quick(10)
	before := m.View()
	cmd := m.SetFilter("r01")
	require.NotNil(t, cmd)
	assert.True(t, m.Busy())
	assert.Equal(t, "r01", m.Filter())
	assert.Equal(t, before, m.View(), "nothing changes before the answer")
	m.Upsert(&row{"r015", 15, "changed"}, &row{"r01x", 99, "new"}, &row{"r020", 98, "r01 by its name"})
	m.Remove("r019")
	m.Update(cmd())
	assert.False(t, m.Busy())
	assert.Equal(t, []string{"r01x", "r020", "r018", "r017", "r016"}, shown(m), "the answer contains what changed meanwhile")
	n, _ := m.Len()
	assert.Equal(t, 11, n)
}

func TestAnOldAnswerIsIgnored(t *testing.T) {
	m, other := newTable(40, 6, numbered(30)...), newTable(40, 6, numbered(30)...)
	m.Quick(10)
	first := m.SetFilter("r02")
	early := first()
	second := m.SetFilter("r01")
	other.Update(early)
	m.Update(early)
	assert.True(t, m.Busy())
	assert.Nil(t, first(), "and the old command does no work")
	third := m.SetOrder(2)
	assert.Nil(t, second())
	m.Update(third())
	assert.False(t, m.Busy())
	assert.Equal(t, []string{"r010", "r011", "r012", "r013", "r014"}, shown(m))
	m.Update(early)
	m.Update(nil)
	m.Update(tea.WindowSizeMsg{})
	n, _ := m.Len()
	assert.Equal(t, 10, n)
}

func TestOrders(t *testing.T) {
	m := newTable(40, 6, &row{"a", 1, "x"}, &row{"b", 2, "x"}, &row{"c", 3, "a"})
	assert.Equal(t, "newest first", m.Order().Name)
	assert.Equal(t, []string{"c", "b", "a"}, shown(m))
	m.NextOrder()
	assert.Equal(t, "by name", m.Order().Name)
	assert.Equal(t, []string{"c", "a", "b"}, shown(m), "equal rows are sorted by id")
	m.NextOrder()
	m.NextOrder()
	assert.Equal(t, "newest first", m.Order().Name)
	assert.Nil(t, m.SetOrder(7))
	assert.Nil(t, m.SetOrder(-1))
	assert.Equal(t, "newest first", m.Order().Name)
}

// TestACommandRunsConcurrently is for the race detector.
func TestACommandRunsConcurrently(t *testing.T) {
	m := newTable(40, 6, numbered(500)...)
	m.Quick(10)
	cmd := m.SetOrder(1)
	answer := make(chan tea.Msg)
	go func() { answer <- cmd() }()
	for i, r := range numbered(100) {
		m.Upsert(&row{r.id, 1000 + i, "m"})
		m.Move(1)
		m.View()
	}
	m.Update(<-answer)
	m.Home()
	assert.Equal(t, "r000", selected(m))
	n, total := m.Len()
	assert.Equal(t, []int{500, 500}, []int{n, total})
}

func TestReapplyFilterReplacesTheMatch(t *testing.T) {
	m := newTable(40, 6, numbered(30)...)
	m.Quick(10)
	least := func(n int) table.Filter[*row] {
		return table.Filter[*row]{Text: "new ones", Match: func(r *row) bool { return r.at >= n }}
	}
	cmd := m.ApplyFilter(least(20))
	assert.Nil(t, m.ReapplyFilter(least(25).Match), "another filter is running")
	m.Update(cmd())
	n, _ := m.Len()
	assert.Equal(t, 10, n)
	assert.Nil(t, m.ApplyFilter(least(25)), "a filter with the same text and meaning is the same")

	cmd = m.ReapplyFilter(least(25).Match)
	assert.False(t, m.Busy(), "the user did not ask for it")
	m.Upsert(&row{"r000", 99, "n"})
	m.Update(cmd())
	n, _ = m.Len()
	assert.Equal(t, 6, n)
	assert.Equal(t, "new ones", m.Filter())
	m.Upsert(&row{"r000", 24, "n"})
	n, _ = m.Len()
	assert.Equal(t, 5, n)

	cmd = m.ReapplyFilter(least(0).Match)
	other := m.ApplyFilter(table.Filter[*row]{Text: "none", Match: func(*row) bool { return false }})
	assert.Nil(t, cmd(), "a new filter stops it")
	assert.True(t, m.Busy())
	assert.Nil(t, m.ApplyFilter(table.Filter[*row]{Text: "none"}), "the same filter does not start again")
	m.Update(other())
	n, _ = m.Len()
	assert.Zero(t, n)
}
