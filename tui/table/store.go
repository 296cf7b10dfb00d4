package table

import (
	"slices"

	"github.com/up42/up42-webhooks/tui/table/sorted"
)

// store has the rows by their ids, and in the first order, which decides what a
// limit removes.
type store[K comparable, R any] struct {
	id      func(R) K
	compare func(a, b R) int
	rows    map[K]R
	list    *sorted.List[R]
}

func newStore[K comparable, R any](id func(R) K, compare func(a, b R) int) *store[K, R] {
	return &store[K, R]{id: id, compare: compare, rows: map[K]R{}, list: sorted.New(compare, nil)}
}

// upsert adds or replaces rows. If two have the same id, it takes the later one. It
// returns the replaced rows, and the new ones.
func (s *store[K, R]) upsert(rows []R) (out, in []R) {
	in = make([]R, 0, len(rows))
	batch := make(map[K]struct{}, len(rows))
	for _, r := range slices.Backward(rows) {
		id := s.id(r)
		if _, later := batch[id]; later {
			continue
		}
		batch[id] = struct{}{}
		if old, ok := s.rows[id]; ok {
			out = append(out, old)
		}
		s.rows[id] = r
		in = append(in, r)
	}
	s.list.Replace(out, in)
	return out, in
}

// remove removes rows and returns them.
func (s *store[K, R]) remove(ids []K) (out []R) {
	for _, id := range ids {
		if r, ok := s.rows[id]; ok {
			out = append(out, r)
			delete(s.rows, id)
		}
	}
	s.list.Delete(out)
	return out
}

// trim removes all but the first rows, up to a limit, and returns the removed ones.
// With limit 0 it removes nothing.
func (s *store[K, R]) trim(limit int) (out []R) {
	if limit <= 0 {
		return nil
	}
	out = s.list.Cut(limit)
	for _, r := range out {
		delete(s.rows, s.id(r))
	}
	return out
}
