package status

import (
	"cmp"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/table"
)

// orders returns the ways to sort. id is the title of the column of ids.
func orders(id string) []table.Order[*Row] {
	return []table.Order[*Row]{
		{Name: "latest event", Compare: latest},
		{Name: "waiting longest", Column: inStateTitle, Compare: waiting},
		{Name: "status", Column: statusTitle, Compare: byStatus},
		{Name: "newest", Column: ageTitle, Compare: func(a, b *Row) int { return cmp.Compare(b.first, a.first) }},
		{Name: "id", Column: id, Compare: func(*Row, *Row) int { return 0 }}, // the table sorts equal rows by id
	}
}

// latest sorts by the last change, newest first. Rows from UP42's list that have
// the same position are sorted by the list's times.
func latest(a, b *Row) int {
	return cmp.Or(cmp.Compare(b.position(), a.position()), cmp.Compare(b.changed, a.changed))
}

// waiting sorts rows that are not final before the others, and those that have not
// changed for the longest time first.
func waiting(a, b *Row) int {
	return cmp.Or(compareFinal(a.final, b.final), cmp.Compare(a.changed, b.changed))
}

// compareFinal sorts what is not final first.
func compareFinal(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// byStatus sorts failures first, as users look for these, then what is not final: what
// needs the user, what is in trouble, and the rest.
func byStatus(a, b *Row) int {
	if c := cmp.Or(cmp.Compare(rank(a.class), rank(b.class)), strings.Compare(a.status.Value(), b.status.Value())); c != 0 {
		return c
	}
	return latest(a, b)
}

// rank returns the position of a class in the order of byStatus.
func rank(c receiver.Class) int {
	switch c {
	case receiver.Failed:
		return 0
	case receiver.NeedsYou:
		return 1
	case receiver.InTrouble:
		return 2
	case receiver.InProgress:
		return 3
	case receiver.Cancelled:
		return 4
	case receiver.Ended:
		return 5
	default:
		return 6
	}
}
