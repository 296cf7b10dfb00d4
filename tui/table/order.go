package table

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// reversedName follows the name of an order that is reversed.
const reversedName = ", reversed"

// NextOrder sorts in the next order of those whose column the table has. For the command see
// [Model.SetFilter].
func (m *Model[K, R]) NextOrder() tea.Cmd {
	next, all := m.wanted().order, m.options.Orders
	for range all {
		if next = (next + 1) % len(all); m.has(all[next].Column) {
			break
		}
	}
	return m.SetOrder(next)
}

// has reports whether the table has a column. One without a title it always has.
func (m *Model[K, R]) has(title string) bool {
	return title == "" || slices.ContainsFunc(m.options.Columns, func(c Column[R]) bool { return c.Title == title })
}

// SetOrder sorts in the order with the index i. It does nothing if there is no such
// order. For the command see [Model.SetFilter].
func (m *Model[K, R]) SetOrder(i int) tea.Cmd { return m.sort(sorting{order: i}) }

// Reverse sorts from the other end. For the command see [Model.SetFilter].
func (m *Model[K, R]) Reverse() tea.Cmd {
	s := m.wanted().sorting
	s.reversed = !s.reversed
	return m.sort(s)
}

// SortBy sorts in the order with a name as [Model.OrderName] returns it. It does nothing if
// there is no such order. For the command see [Model.SetFilter].
func (m *Model[K, R]) SortBy(name string) tea.Cmd {
	name, reversed := strings.CutSuffix(name, reversedName)
	i := slices.IndexFunc(m.options.Orders, func(o Order[R]) bool { return o.Name == name })
	return m.sort(sorting{order: i, reversed: reversed})
}

// SortByColumn sorts by the column with a title. The second time it reverses the order, and the
// third time it returns to the first one. ok is false if there is no order for this column. For
// the command see [Model.SetFilter].
func (m *Model[K, R]) SortByColumn(title string) (cmd tea.Cmd, ok bool) {
	i := slices.IndexFunc(m.options.Orders, func(o Order[R]) bool { return o.Column == title })
	switch now := m.wanted().sorting; {
	case i < 0:
		return nil, false
	case now.order != i:
		return m.SetOrder(i), true
	case !now.reversed:
		return m.Reverse(), true
	default:
		return m.SetOrder(0), true
	}
}

// Order returns the order that was set last, and OrderName its name.
func (m *Model[K, R]) Order() Order[R] { return m.options.Orders[m.wanted().order] }

// OrderName names the order that was set last.
func (m *Model[K, R]) OrderName() string {
	if m.wanted().reversed {
		return m.Order().Name + reversedName
	}
	return m.Order().Name
}

// OrderNames returns the names of the orders whose columns the table has.
func (m *Model[K, R]) OrderNames() (names []string) {
	for _, o := range m.options.Orders {
		if m.has(o.Column) {
			names = append(names, o.Name)
		}
	}
	return names
}

// FirstOrder reports whether the rows are in the first order.
func (m *Model[K, R]) FirstOrder() bool { return m.shown.sorting == (sorting{}) }

func (m *Model[K, R]) sort(s sorting) tea.Cmd {
	if s.order < 0 || s.order >= len(m.options.Orders) {
		return nil
	}
	return m.arrange(arrangement[R]{s, m.wanted().filter})
}
