package receiver

// RowSet folds events into rows, in memory. It is not safe for concurrent use.
// A [Log] keeps the same rows durably; both fold with [Row.Apply].
type RowSet struct {
	rows map[Key]*Row
}

// NewRowSet is an empty board.
func NewRowSet() *RowSet { return &RowSet{rows: map[Key]*Row{}} }

// Apply folds an event in and returns its row, which stays the board's; nil
// where the event has no row.
func (b *RowSet) Apply(e *Event) *Row {
	k, ok := e.Key()
	if !ok {
		return nil
	}
	r := b.rows[k]
	if r == nil {
		r = &Row{Key: k}
		b.rows[k] = r
	}
	r.Apply(e)
	return r
}

// Row returns a row, nil where there is none. It stays the board's.
func (b *RowSet) Row(k Key) *Row { return b.rows[k] }

// Len is the number of rows.
func (b *RowSet) Len() int { return len(b.rows) }
