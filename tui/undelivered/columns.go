package undelivered

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// The titles of the columns that orders name.
const (
	targetTitle = "TARGET"
	numberTitle = "NUMBER"
	sinceTitle  = "SINCE"
	idTitle     = "ORDER/JOB"
	statusTitle = "STATUS"
	triesTitle  = "TRIES"
	reasonTitle = "REASON"
)

// Columns returns the names of all columns.
func Columns() []string { return table.Names(columns(nil, nil)) }

// columns fit into 80 cells, without those that have a Drop.
func columns(th *theme.Theme, now func() time.Time) []table.Column[*Row] {
	dim := func(*Row) theme.Style { return th.Dim }
	return []table.Column[*Row]{
		{Title: targetTitle, Min: 14, Keys: []string{"target"}, Usual: 26, Max: 40, Weight: 3, Cell: targetCell},
		{Title: numberTitle, Min: 7, Max: 9, Weight: 1, Right: true, Cell: func(r *Row, _ int) string { return strconv.FormatInt(r.Seq, 10) }},
		{Title: idTitle, Min: 10, Keys: []string{"id", "kind"}, Usual: 13, Max: 42, Weight: 4, Cell: func(r *Row, width int) string { return cells.Subject(r.event.key.Kind, r.event.key.ID, width) }},
		{
			Title: statusTitle, Min: 14, Keys: []string{"status", "class"}, Usual: 20, Max: 30, Weight: 6,
			Cell: func(r *Row, width int) string {
				return cells.EventStatus(th, r.event.class, r.event.shown, r.event.task != "", r.event.conflict, width)
			},
			Style: func(r *Row) theme.Style { return cells.StatusStyle(th, r.event.class, r.event.status) },
		},
		{Title: triesTitle, Min: 5, Max: 5, Right: true, Drop: 1, Style: dim, Cell: func(r *Row, _ int) string { return strconv.Itoa(r.failure.Tries) }},
		{Title: sinceTitle, Min: 6, Max: 8, Right: true, Style: dim, Cell: func(r *Row, _ int) string { return sinceCell(now(), r.failure.At) }},
		{Title: reasonTitle, Min: 15, Keys: []string{"reason"}, Usual: 30, Weight: 6, Cell: reasonCell, Style: func(*Row) theme.Style { return th.Mark }},
	}
}

// targetCell returns the target. If there is little room it leaves out the scheme
// of a URL, which most targets have in common.
func targetCell(r *Row, width int) string {
	if text.Width(r.target) <= width {
		return r.target
	}
	if url, found := strings.CutPrefix(r.target, "http"); found && (strings.HasPrefix(url, "://") || strings.HasPrefix(url, "s://")) {
		return text.URL(strings.TrimPrefix(r.target, "http://"), width)
	}
	return text.Middle(r.target, width)
}

// reasonCell returns the reason. If there is little room, it leaves out with which call to the
// network it began, as Go's errors say, and that the target answered: the last part is what matters.
func reasonCell(r *Row, width int) string {
	if text.Width(r.reason) <= width {
		return r.reason
	}
	if strings.HasPrefix(r.reason, "dial ") {
		return r.reason[strings.LastIndex(r.reason, ": ")+len(": "):]
	}
	return strings.TrimPrefix(r.reason, "it answered ")
}

func sinceCell(now, at time.Time) string {
	if at.IsZero() {
		return cells.None
	}
	return elapsed.InSteps(elapsed.Short, now.Sub(at))
}

func orders() []table.Order[*Row] {
	oldest := func(a, b *Row) int { return cmp.Compare(a.Seq, b.Seq) }
	return []table.Order[*Row]{
		{Name: "oldest event", Column: numberTitle, Compare: oldest},
		{Name: "given up last", Column: sinceTitle, Compare: func(a, b *Row) int { return b.failure.At.Compare(a.failure.At) }},
		{Name: "target", Column: targetTitle, Compare: func(a, b *Row) int {
			return cmp.Or(strings.Compare(a.target, b.target), oldest(a, b))
		}},
		{Name: "id", Column: idTitle, Compare: func(a, b *Row) int {
			return cmp.Or(cmp.Compare(a.event.key.Kind, b.event.key.Kind), strings.Compare(a.event.key.ID, b.event.key.ID), oldest(a, b))
		}},
		{Name: "status", Column: statusTitle, Compare: func(a, b *Row) int { return cmp.Or(strings.Compare(a.event.shown, b.event.shown), oldest(a, b)) }},
		{Name: "most tries", Column: triesTitle, Compare: func(a, b *Row) int { return cmp.Or(cmp.Compare(b.failure.Tries, a.failure.Tries), oldest(a, b)) }},
		{Name: "reason", Column: reasonTitle, Compare: func(a, b *Row) int { return cmp.Or(strings.Compare(a.reason, b.reason), oldest(a, b)) }},
	}
}
