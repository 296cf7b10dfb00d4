package table_test

import (
	"cmp"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/table"
)

// naive is a simple table, to compare with: it sorts and filters all rows each time
// it is read.
type naive struct {
	o            table.Options[string, *row]
	rows         map[string]*row
	order, want  int
	filter, word string // the filter that is shown, and the one that is wanted
	held         *row   // under the cursor; nil: the cursor stays on the first line
	at           int

	paused bool
	aside  map[string]*row
	gone   map[string]bool
	count  int
}

func newNaive(o table.Options[string, *row]) *naive {
	return &naive{o: o, rows: map[string]*row{}}
}

func (n *naive) upsert(rows []*row) {
	if !n.paused {
		n.load(rows)
		return
	}
	for _, r := range rows {
		if n.aside[r.id] == nil {
			n.count++
		}
		n.aside[r.id] = r
		delete(n.gone, r.id)
	}
	for _, id := range n.beyond(n.aside) {
		delete(n.aside, id)
		n.gone[id] = true
	}
}

func (n *naive) load(rows []*row) {
	for _, r := range rows {
		n.rows[r.id] = r
	}
	n.settle()
	if over := n.beyond(n.rows); len(over) > 0 {
		n.drop(over)
	}
}

// beyond returns the ids of the rows beyond the limit.
func (n *naive) beyond(rows map[string]*row) (ids []string) {
	for i, r := range n.sorted(rows, 0) {
		if i >= n.o.Limit {
			ids = append(ids, r.id)
		}
	}
	return ids
}

func (n *naive) remove(ids ...string) {
	if !n.paused {
		n.drop(ids)
		return
	}
	for _, id := range ids {
		if n.aside[id] != nil {
			n.count--
		}
		delete(n.aside, id)
		n.gone[id] = true
	}
}

func (n *naive) drop(ids []string) {
	for _, id := range ids {
		delete(n.rows, id)
	}
	n.settle()
}

func (n *naive) pause(paused bool) {
	if n.paused = paused; paused {
		n.aside, n.gone, n.count = map[string]*row{}, map[string]bool{}, 0
		return
	}
	for id := range n.gone {
		delete(n.rows, id)
	}
	n.settle()
	n.load(n.sorted(n.aside, 0))
	n.count = 0
}

// arrange shows what is wanted.
func (n *naive) arrange() {
	n.order, n.filter = n.want, n.word
	n.settle()
}

func (n *naive) compare(order int) func(a, b *row) int {
	return func(a, b *row) int { return cmp.Or(n.o.Orders[order].Compare(a, b), cmp.Compare(a.id, b.id)) }
}

func (n *naive) sorted(rows map[string]*row, order int) (out []*row) {
	for _, r := range rows {
		out = append(out, r)
	}
	slices.SortFunc(out, n.compare(order))
	return out
}

func (n *naive) view() (out []*row) {
	for _, r := range n.sorted(n.rows, n.order) {
		if n.passes(r) {
			out = append(out, r)
		}
	}
	return out
}

func (n *naive) passes(r *row) bool {
	for _, w := range strings.Fields(n.filter) {
		rest, not := strings.CutPrefix(w, "-")
		if strings.Contains(r.name+" "+r.id, rest) == not {
			return false
		}
	}
	return true
}

// settle moves the cursor to its row, or to the one that came after it.
func (n *naive) settle() {
	n.at = 0
	view := n.view()
	if n.held == nil || len(view) == 0 {
		return
	}
	n.at = slices.IndexFunc(view, func(r *row) bool { return r.id == n.held.id })
	if n.at < 0 {
		n.at = slices.IndexFunc(view, func(r *row) bool { return n.compare(n.order)(r, n.held) > 0 })
	}
	if n.at < 0 {
		n.at = len(view) - 1
	}
	n.held = view[n.at]
}

func (n *naive) goTo(at int) {
	view := n.view()
	n.at, n.held = max(0, min(at, len(view)-1)), nil
	if len(view) > 0 {
		n.held = view[n.at]
	}
}

func (n *naive) home() { n.at, n.held = 0, nil }

func (n *naive) pick(id string) {
	view := n.view()
	if i := slices.IndexFunc(view, func(r *row) bool { return r.id == id }); i >= 0 {
		n.at, n.held = i, view[i]
	}
}
