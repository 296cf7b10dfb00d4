package receiver

// Board folds events into rows, in memory. It is not safe for concurrent use.
// A [Log] keeps the same rows durably; both fold with [Row.Apply].
type Board struct {
	rows map[Key]*Row
}

// NewBoard is an empty board.
func NewBoard() *Board { return &Board{rows: map[Key]*Row{}} }

// Apply folds an event in and returns its row, which stays the board's; nil
// where the event has no row.
func (b *Board) Apply(e *Event) *Row {
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
func (b *Board) Row(k Key) *Row { return b.rows[k] }

// Len is the number of rows.
func (b *Board) Len() int { return len(b.rows) }
