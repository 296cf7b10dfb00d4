package status

import (
	"cmp"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/table"
)

// LongestInState is the name of the order that has what is not over first, and of that what has
// had its status for the longest time.
const LongestInState = "longest in state"

// orders returns the ways to sort. id is the title of the column of ids.
func orders(id string) []table.Order[*Row] {
	return []table.Order[*Row]{
		{Name: "latest event", Compare: latest},
		{Name: LongestInState, Column: inStateTitle, Compare: longestInState},
		{Name: "status", Column: statusTitle, Compare: byStatus},
		{Name: "newest", Column: ageTitle, Compare: func(a, b *Row) int { return cmp.Compare(b.first, a.first) }},
		{Name: "id", Column: id, Compare: func(*Row, *Row) int { return 0 }}, // the table sorts equal rows by id
		{Name: "type", Column: typeTitle, Compare: byText(func(r *Row) string { return r.typ.Value() })},
		{Name: "name", Column: nameTitle, Compare: byText(func(r *Row) string { return r.name.Value() })},
		{Name: "host", Column: hostTitle, Compare: byText(func(r *Row) string { return r.host.Value() })},
		{Name: "most events", Column: eventsTitle, Compare: func(a, b *Row) int { return cmp.Or(cmp.Compare(b.events, a.events), latest(a, b)) }},
		{Name: "longest journey", Column: journeyTitle, Compare: func(a, b *Row) int {
			return cmp.Or(cmp.Compare(len(b.journey.Value()), len(a.journey.Value())), latest(a, b))
		}},
		{Name: "note", Column: noteTitle, Compare: func(a, b *Row) int { return cmp.Or(cmp.Compare(noteRank(a), noteRank(b)), latest(a, b)) }},
	}
}

// byText sorts by a text, whatever its case is. Rows without it come last.
func byText(of func(*Row) string) func(a, b *Row) int {
	return func(a, b *Row) int {
		s, t := of(a), of(b)
		if (s == "") != (t == "") {
			return len(t) - len(s)
		}
		return cmp.Or(strings.Compare(strings.ToLower(s), strings.ToLower(t)), latest(a, b))
	}
}

// noteRank is the position of a row in the order of notes: what is the first part of its note.
func noteRank(r *Row) int {
	const tests, trust, needsYou, trouble, api, tasks, none = 4, 2, 0, 1, 5, 3, 6
	switch {
	case r.class == receiver.NeedsYou:
		return needsYou
	case r.class == receiver.InTrouble:
		return trouble
	case r.trust < receiver.FullTrust && r.Seq != 0:
		return trust
	case r.more != nil && r.more.tasks.all > 0:
		return tasks
	case r.Test():
		return tests
	case r.fromAPI():
		return api
	default:
		return none
	}
}

// latest sorts by the last change, newest first. Rows from UP42's list that have
// the same position are sorted by the list's times.
func latest(a, b *Row) int {
	return cmp.Or(cmp.Compare(b.position(), a.position()), cmp.Compare(b.changed, a.changed))
}

// longestInState sorts rows that are not final before the others, and those that have not
// changed for the longest time first.
func longestInState(a, b *Row) int {
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
