package receiver

// RowSet folds events into rows, in memory. It is not safe for concurrent use. A [Log]
// keeps the same rows on disk; both use [Row.Apply].
type RowSet struct {
	rows map[Key]*Row
}

// NewRowSet makes an empty set.
func NewRowSet() *RowSet { return &RowSet{rows: map[Key]*Row{}} }

// Apply folds an event in and returns its row, nil if the event has no row. The row
// stays the set's: later events change it.
func (s *RowSet) Apply(e *Event) *Row {
	k, ok := e.Key()
	if !ok {
		return nil
	}
	r := s.rows[k]
	if r == nil {
		r = &Row{Key: k}
		s.rows[k] = r
	}
	r.Apply(e)
	return r
}

// Row returns a row, nil if there is none. The row stays the set's.
func (s *RowSet) Row(k Key) *Row { return s.rows[k] }

// Len returns the number of rows.
func (s *RowSet) Len() int { return len(s.rows) }
