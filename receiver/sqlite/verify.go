package sqlite

import (
	"bytes"
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
)

// VerifyResult says what was looked at in a store, and what is wrong with it.
type VerifyResult struct {
	Events, Rows int64
	// Problems is a line each, at most maxProblems; none: the store is sound.
	Problems []string
}

const maxProblems = 100

// Verify looks at everything in the store, as it is at the start of the call:
// SQLite's own structure, that every event can be read and would be known if it
// came again, that the rows are what the events make of them, and that the
// counters are right. It reads the whole file and has all rows in memory: about
// a kilobyte for each.
func (l *Log) Verify(ctx context.Context) (VerifyResult, error) {
	v := verifier{board: receiver.NewRowSet(), lookup: newStatements().knownMessages}
	err := l.snapshot(ctx, "verify it", func(ctx context.Context, c *conn) error {
		v.ctx, v.conn = ctx, c
		return v.all()
	})
	return v.VerifyResult, err
}

type verifier struct {
	VerifyResult
	ctx  context.Context
	conn *conn

	total  totals
	board  *receiver.RowSet
	lookup *bulk
	recent *messages
	asked  map[messageKey]int64 // events whose messages are looked up next
	last   int64
	// gap is the last place that has no event, 0: none. A row that changed last
	// before it may be incomplete, or gone.
	gap      int64
	verdicts map[receiver.Verdict]int64
}

func (v *verifier) all() error {
	v.recent, v.asked, v.verdicts = newMessages(0), map[messageKey]int64{}, map[receiver.Verdict]int64{}
	for _, look := range []func() error{v.structure, v.memory, v.events, v.rows, v.counters} {
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) problem(format string, args ...any) {
	if len(v.Problems) < maxProblems {
		v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
	}
}

// structure has SQLite look at its own.
func (v *verifier) structure() error {
	return v.conn.each(v.ctx, integrityCheck, nil, func(row []driver.Value) error {
		if text, _ := row[0].(string); text != "ok" {
			v.problem("the file is damaged: %s", text)
		}
		return nil
	})
}

func (v *verifier) memory() error {
	if err := v.total.load(v.conn); err != nil {
		return err
	}
	return v.recent.load(v.conn)
}

func (v *verifier) events() error {
	err := v.conn.each(v.ctx, allEvents, nil, func(row []driver.Value) error {
		s := storedEvent{number(row[0]), number(row[1]), number(row[2]), blob(row[3]), blob(row[4])}
		e, err := s.event()
		if err != nil {
			v.problem("%v", err)
			e = &receiver.Event{Seq: s.seq, Verdict: receiver.Rejected}
		}
		return v.event(e)
	})
	if err != nil {
		return err
	}
	return v.lookUp()
}

func (v *verifier) event(e *receiver.Event) error {
	if e.Seq != v.last+1 {
		v.gap = e.Seq - 1
	}
	v.last = e.Seq
	v.Events++
	v.verdicts[e.Verdict]++
	v.board.Apply(e)
	if k := keyOf(e); v.recent.recent[k].seq < e.Seq {
		v.asked[k] = e.Seq
		v.lookup.add(bytes.Clone(k[:]))
	}
	if len(v.asked) < maxBulk {
		return nil
	}
	return v.lookUp()
}

// lookUp looks whether the tree has the messages that were asked for.
func (v *verifier) lookUp() error {
	err := v.lookup.each(v.conn, func(row []driver.Value) error {
		k := messageKey(blob(row[0]))
		if number(row[2]) >= v.asked[k] {
			delete(v.asked, k)
		}
		return nil
	})
	for _, seq := range v.asked {
		v.problem("event %d would not be known if it came again", seq)
	}
	clear(v.asked)
	return err
}

// rows compares those of the store with what the events make of them.
func (v *verifier) rows() error {
	compared := 0
	err := v.conn.each(v.ctx, allRows, nil, func(row []driver.Value) error {
		v.Rows++
		k := receiver.Key{Kind: kindOf(number(row[1])), ID: string(blob(row[2]))}
		folded := v.board.Row(k)
		if folded != nil {
			compared++
		}
		v.row(k, folded, number(row[3]), blob(row[4]), blob(row[5]))
		return v.place(number(row[0]), number(row[1]), k)
	})
	if missing := v.board.Len() - compared; missing > 0 && v.gap == 0 {
		v.problem("%d rows are missing", missing)
	}
	return err
}

// row compares a row with what the events make of it. Where some of its events
// are gone they tell nothing.
func (v *verifier) row(k receiver.Key, folded *receiver.Row, seq int64, state, points []byte) {
	stored := receiver.Row{Key: k, Seq: seq}
	if err := decodeState(string(state), &stored); err != nil {
		v.problem("%s %q: %v", k.Kind, k.ID, err)
		return
	}
	events := int64(0)
	if folded != nil {
		events = folded.Events
	}
	switch {
	case events < stored.Events && v.gap > 0:
	case folded == nil:
		v.problem("%s %q has no events", k.Kind, k.ID)
	case seq != folded.Seq || !bytes.Equal(state, appendState(nil, folded)) || !bytes.Equal(points, appendPoints(nil, folded.Updates)):
		v.problem("%s %q is not what its events make of it: it is %s, and should be %s", k.Kind, k.ID, stored.Status, folded.Status)
	}
}

// place makes sure that a row is found by its id.
func (v *verifier) place(place, code int64, k receiver.Key) error {
	found := int64(0)
	args := []driver.NamedValue{{Ordinal: 1, Value: code}, {Ordinal: 2, Value: []byte(k.ID)}}
	err := v.conn.each(v.ctx, placeOfRow, args, func(row []driver.Value) error {
		found = number(row[0])
		return nil
	})
	if err == nil && found != place {
		v.problem("%s %q is not found by its id", k.Kind, k.ID)
	}
	return err
}

func (v *verifier) counters() error {
	t := &v.total
	if t.Events() != v.Events {
		v.problem("the store counts %d events, and has %d", t.Events(), v.Events)
	}
	if t.Rows.Total() != v.Rows {
		v.problem("the store counts %d rows, and has %d", t.Rows.Total(), v.Rows)
	}
	if v.last > t.LastSeq {
		v.problem("the newest event is %d, the store says %d", v.last, t.LastSeq)
	}
	if t.Deleted > 0 {
		return nil
	}
	for verdict, n := range map[receiver.Verdict]int64{
		receiver.Verified: t.Verified, receiver.Trusted: t.Trusted, receiver.Partial: t.Partial, receiver.Unsigned: t.Unsigned,
	} {
		if n != v.verdicts[verdict] {
			v.problem("the store counts %d %s events, and has %d", n, verdict, v.verdicts[verdict])
		}
	}
	return nil
}
