package sqlite

import (
	"database/sql/driver"

	"github.com/up42/up42-webhooks/receiver"
)

// hotRows is how many rows the board keeps at least: orders and jobs live long,
// but those that change now tend to change again soon. With twice that many of
// the longest rows it stays under 15 MB; with usual ones under 2 MB.
const hotRows = 1024

// board is the writer's working set of rows: those of the batch, and those that
// changed lately. Old ones go a generation at a time.
type board struct {
	young, old map[receiver.Key]*boardRow
	changed    []*boardRow
	places     places
}

type boardRow struct {
	row            receiver.Row
	place          int64 // 0: has none yet
	isNew, changed bool  // since they were saved last
}

func newBoard(unshelved int) *board {
	return &board{young: map[receiver.Key]*boardRow{}, places: places{limit: unshelved}}
}

// reload forgets all rows, since the store may have others now, and reads anew
// where the youngest are.
func (b *board) reload(c *conn) error {
	b.clear()
	return b.places.load(c)
}

// clear forgets all rows.
func (b *board) clear() { *b = *newBoard(b.places.limit) }

func (b *board) get(k receiver.Key) *boardRow {
	if r := b.young[k]; r != nil {
		return r
	}
	r := b.old[k]
	if r != nil {
		b.put(r)
	}
	return r
}

func (b *board) put(r *boardRow) { b.young[r.row.Key] = r }

// age lets rows that did not change for long go. Only between batches.
func (b *board) age() {
	if len(b.young) >= hotRows {
		b.old, b.young = b.young, make(map[receiver.Key]*boardRow, hotRows)
	}
}

// load brings the rows of the events into the board.
func (b *board) load(c *conn, sql *statements, events []admitted) error {
	for i := range events {
		k, ok := events[i].Key()
		code, known := kindCode(k.Kind)
		if !ok || !known || b.get(k) != nil {
			continue
		}
		b.put(&boardRow{row: receiver.Row{Key: k}}) // as long as the store has no other
		b.places.find(sql, k, code)
	}
	if err := b.places.found(c, sql); err != nil {
		return err
	}
	return sql.rowsAt.each(c, b.read)
}

func (b *board) read(v []driver.Value) (err error) {
	place, kind, id, seq, state, points := number(v[0]), number(v[1]), blob(v[2]), number(v[3]), blob(v[4]), blob(v[5])
	r := &boardRow{place: place}
	r.row.Key, r.row.Seq = receiver.Key{Kind: kindOf(kind), ID: string(id)}, seq
	if err := decodeState(string(state), &r.row); err != nil {
		return err
	}
	if r.row.Updates, err = decodePoints(string(points)); err != nil {
		return err
	}
	b.put(r)
	return nil
}

// apply folds an event into its row, which was loaded. It returns the row's
// kind where the row is new.
func (b *board) apply(e *receiver.Event) (kind receiver.Kind, isNew bool) {
	k, ok := e.Key()
	if !ok {
		return "", false
	}
	r := b.get(k)
	if r == nil {
		return "", false // of a kind that has no rows here
	}
	r.row.Apply(e)
	if r.place == 0 {
		r.place, r.isNew, isNew = b.places.give(k), true, true
	}
	if !r.changed {
		r.changed = true
		b.changed = append(b.changed, r)
	}
	return k.Kind, isNew
}

// save writes the rows that changed.
func (b *board) save(c *conn, sql *statements) error {
	for i, r := range b.changed {
		state, points := appendState(nil, &r.row), appendPoints(nil, r.row.Updates)
		if r.isNew {
			code, _ := kindCode(r.row.Kind)
			sql.addRows.add(r.place, code, []byte(r.row.ID), r.row.Seq, state, points)
		} else if err := c.change(changeRow, r.row.Seq, state, points, r.place); err != nil {
			return err
		}
		r.changed, r.isNew, b.changed[i] = false, false, nil
	}
	b.changed = b.changed[:0]
	if err := sql.addRows.run(c); err != nil {
		return err
	}
	return b.places.shelve(c, sql)
}

// forget lets go of a row that the store has no longer.
func (b *board) forget(k receiver.Key) {
	delete(b.young, k)
	delete(b.old, k)
	delete(b.places.young, k)
}

func number(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

func blob(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}
