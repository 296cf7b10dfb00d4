// Package marks keeps which rows of a list the user has marked, and does something with all of
// them.
package marks

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
)

// Row is what is remembered of a marked row, so that something can be done with it when it is not
// on the screen any more.
type Row struct {
	// ID is the row's own among those of its page.
	ID string
	// Key is the order or the job, or of a webhook only its id. Seq is the number of a delivery,
	// and Target the target that did not take it.
	Key      receiver.Key
	Seq      int64
	Rejected bool
	Target   string
}

// List is a list whose rows can be marked.
type List interface {
	Index() int
	Len() (shown, total int)
	Move(delta int)
	// MarkAt returns the row at an index. ok is false if it is not read yet.
	MarkAt(i int) (r Row, ok bool)
	Invalidate()
}

// Most is how many rows can be marked at a time.
const Most = 1000

// Marks are the marked rows of a list, in the order in which they were marked. New rows and
// filters do not change them.
type Marks struct {
	list List
	rows []Row
	ids  map[string]bool
}

// New makes Marks without a mark.
func New(l List) *Marks { return &Marks{list: l, ids: map[string]bool{}} }

// Restore marks rows that were marked before.
func (m *Marks) Restore(rows []Row) {
	for _, r := range rows {
		m.add(r)
	}
}

// Len returns how many rows are marked.
func (m *Marks) Len() int { return len(m.rows) }

// Rows returns the marked rows.
func (m *Marks) Rows() []Row { return slices.Clone(m.rows) }

// Has reports whether a row is marked.
func (m *Marks) Has(id string) bool { return len(m.ids) > 0 && m.ids[id] }

// Clear removes all marks. It returns how many there were.
func (m *Marks) Clear() (n int) {
	n = len(m.rows)
	m.rows = nil
	clear(m.ids)
	m.list.Invalidate()
	return n
}

// Drop removes the mark of a row.
func (m *Marks) Drop(id string) {
	if m.ids[id] {
		delete(m.ids, id)
		m.rows = slices.DeleteFunc(m.rows, func(r Row) bool { return r.ID == id })
		m.list.Invalidate()
	}
}

// Toggle marks the row under the cursor, or removes its mark, and moves to the next one. It
// returns why it does not, or "".
func (m *Marks) Toggle() (why string) {
	r, why := m.at(m.list.Index())
	switch {
	case why != "":
		return why
	case m.ids[r.ID]:
		m.Drop(r.ID)
	default:
		if why = m.add(r); why != "" {
			return why
		}
	}
	m.list.Move(1)
	return ""
}

const noRow = "nothing to mark: no row is selected"

// within is how far from the cursor a marked row is looked for.
const within = 2 * Most

// ToHere marks all rows from the nearest marked one above the cursor, or else below it, to the
// cursor. It returns why it does not, or "".
func (m *Marks) ToHere() (why string) {
	here := m.list.Index()
	if shown, _ := m.list.Len(); shown == 0 {
		return noRow
	}
	from, ok := m.nearest(here)
	if !ok {
		return "no row is marked near this one: mark one first, then all up to the cursor"
	}
	skipped := 0
	for i := min(from, here); i <= max(from, here); i++ {
		r, unread := m.at(i)
		if unread != "" {
			skipped++
			continue
		}
		if why = m.add(r); why != "" {
			return why
		}
	}
	if skipped > 0 {
		return "some rows are not read yet, and not marked"
	}
	return ""
}

func (m *Marks) nearest(here int) (i int, ok bool) {
	shown, _ := m.list.Len()
	for i = here - 1; i >= max(0, here-within); i-- {
		if m.marked(i) {
			return i, true
		}
	}
	for i = here + 1; i < min(shown, here+within); i++ {
		if m.marked(i) {
			return i, true
		}
	}
	return here, m.marked(here)
}

func (m *Marks) marked(i int) bool {
	r, why := m.at(i)
	return why == "" && m.ids[r.ID]
}

func (m *Marks) at(i int) (r Row, why string) {
	if shown, _ := m.list.Len(); i < 0 || i >= shown {
		return r, noRow
	}
	r, ok := m.list.MarkAt(i)
	if !ok {
		return r, "the row is not read yet"
	}
	return r, ""
}

func (m *Marks) add(r Row) (why string) {
	switch {
	case m.ids[r.ID]:
		return ""
	case len(m.rows) >= Most:
		return "1,000 rows are marked: no more can be"
	}
	r.ID = strings.Clone(r.ID)
	m.ids[r.ID] = true
	m.rows = append(m.rows, r)
	m.list.Invalidate()
	return ""
}
