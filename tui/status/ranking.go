package status

import (
	"cmp"

	"github.com/up42/up42-webhooks/tui/table/sorted"
)

// ranking has some rows in an order of its own. Each change is made at once: a frame reads the
// first rows, and finds nothing to do first.
type ranking struct {
	has  func(*Row) bool
	rows *sorted.List[*Row]
}

func newRanking(compare func(a, b *Row) int, has func(*Row) bool) *ranking {
	total := func(a, b *Row) int { return cmp.Or(compare(a, b), cmp.Compare(a.id, b.id)) }
	return &ranking{has: has, rows: sorted.New(total, nil)}
}

// change takes live rows that are not in the table any more, and those that are now.
func (k *ranking) change(out, in []*Row) { k.rows.Replace(k.those(out), k.those(in)) }

// those returns the rows that the ranking has.
func (k *ranking) those(rows []*Row) (some []*Row) {
	for _, r := range rows {
		if r.live && k.has(r) {
			some = append(some, r)
		}
	}
	return some
}

// first returns the first rows.
func (k *ranking) first(limit int) []*Row { return k.rows.First(limit) }
