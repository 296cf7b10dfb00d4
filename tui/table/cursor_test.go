package table_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCursorFollowsItsRow(t *testing.T) {
	m := newTable(40, 4, numbered(10)...)
	m.Move(3)
	assert.Equal(t, "r006", selected(m))
	m.Upsert(&row{"r006", 50, "n"})
	assert.Equal(t, "r006", selected(m), "after the row has moved")
	assert.Equal(t, 0, m.Index())
	m.Upsert(&row{"r006", -1, "n"})
	assert.Equal(t, "r006", selected(m))
	assert.Equal(t, 9, m.Index())
	m.NextOrder()
	m.NextOrder()
	assert.Equal(t, "r006", selected(m), "in another order")
	assert.Equal(t, 6, m.Index())
}

func TestTheCursorStaysOnTheFirstLineUntilItIsMoved(t *testing.T) {
	m := newTable(40, 4, numbered(10)...)
	m.Upsert(&row{"new", 99, "n"})
	assert.Equal(t, "new", selected(m))
	assert.True(t, m.Follows())
	m.Move(1)
	m.Move(-1)
	m.Upsert(&row{"newer", 100, "n"})
	assert.Equal(t, "new", selected(m), "after a move it stays on the row")
	assert.False(t, m.Follows())
	m.Home()
	assert.Equal(t, "newer", selected(m))
	m.Upsert(&row{"newest", 101, "n"})
	assert.Equal(t, "newest", selected(m), "after Home it stays on the first line")
	m.Hold()
	m.Upsert(&row{"last", 102, "n"})
	assert.Equal(t, "newest", selected(m))
	require.True(t, m.Select("last"))
	m.Upsert(&row{"really", 103, "n"})
	assert.Equal(t, "last", selected(m))
}

func TestHoldInAnEmptyTable(t *testing.T) {
	m := newTable(40, 4)
	m.Move(3)
	m.End()
	m.Upsert(numbered(3)...)
	assert.Equal(t, "r002", selected(m))
}

func TestTheCursorOfARemovedRowMovesToTheNext(t *testing.T) {
	m := newTable(40, 4, numbered(10)...)
	require.True(t, m.Select("r006"))
	m.Remove("r006")
	assert.Equal(t, "r005", selected(m), "to the next row")
	m.SetFilter("r008 -x")
	assert.Equal(t, "r008", selected(m), "or to the last one")
	m.SetFilter("zzz")
	assert.Empty(t, selected(m))
	m.SetFilter("")
	assert.Equal(t, "r008", selected(m), "a filter that shows nothing does not lose the row")
	m.Upsert(&row{"r009", 0, "n"})
	assert.Equal(t, "r008", selected(m))
	assert.False(t, m.Select("r006"))
	assert.Equal(t, "r008", selected(m))
}

func TestTheRowStaysOnItsLine(t *testing.T) {
	m := newTable(40, 5, numbered(30)...)
	m.Move(12)
	m.Move(-2)
	before := m.View()
	m.Upsert(&row{"new1", 98, "n"}, &row{"new2", 99, "n"})
	assert.Equal(t, before, m.View(), "when rows are added above")
	m.Upsert(&row{"r000", 100, "n"})
	assert.Equal(t, before, m.View(), "when a row moves from below to above")
	m.Remove("new1", "r000")
	assert.Equal(t, before, m.View(), "when rows above are removed")
}

func TestMovingStaysWithinTheRows(t *testing.T) {
	m := newTable(40, 5, numbered(30)...)
	for _, tc := range []struct {
		move func()
		at   int
		ids  []string
	}{
		{func() { m.Move(-3) }, 0, []string{"r029", "r028", "r027", "r026"}},
		{func() { m.Move(4) }, 4, []string{"r028", "r027", "r026", "r025"}},
		{func() { m.Page(2) }, 8, []string{"r024", "r023", "r022", "r021"}},
		{func() { m.Page(-1) }, 6, []string{"r024", "r023", "r022", "r021"}},
		{func() { m.End() }, 29, []string{"r003", "r002", "r001", "r000"}},
		{func() { m.Page(9) }, 29, []string{"r003", "r002", "r001", "r000"}},
		{func() { m.SetSize(40, 3) }, 29, []string{"r001", "r000"}},
		{func() { m.SetSize(40, 7) }, 29, []string{"r005", "r004", "r003", "r002", "r001", "r000"}},
		{func() { m.Home() }, 0, []string{"r029", "r028", "r027", "r026", "r025", "r024"}},
		{func() { m.Move(1 << 30) }, 29, []string{"r005", "r004", "r003", "r002", "r001", "r000"}},
	} {
		tc.move()
		assert.Equal(t, tc.at, m.Index())
		assert.Equal(t, tc.ids, shown(m))
	}
}

func TestNearEnd(t *testing.T) {
	m := newTable(40, 5)
	assert.True(t, m.NearEnd(1))
	m.Upsert(numbered(10)...)
	assert.False(t, m.NearEnd(5))
	m.Move(5)
	assert.True(t, m.NearEnd(5))
}
