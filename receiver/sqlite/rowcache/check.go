package rowcache

import (
	"bytes"
	"context"
	"database/sql/driver"
	"fmt"
	"math"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// rowsByChange are some rows of a kind, in the order of their last events.
const rowsByChange = `SELECT number, kind, test, id, seq, state, updates FROM rows WHERE kind = ? AND seq > ? ORDER BY seq LIMIT 256`

// Checker compares the stored rows with those that the events make. It compares a row when
// its last event has come, and forgets it: it has the rows in memory between their first
// and last events.
type Checker struct {
	// Rows is how many rows were compared.
	Rows int64
	// Lacks says that some events are deleted, so that a row may have more events than there
	// are. Add sets it, and whoever knows more, before Flush.
	Lacks bool

	last, gap int64 // the last event, and the last one before which a number is missing
	conn      *conn.Conn
	problem   func(format string, args ...any)
	made      folding
	stored    []*storedRows          // of each kind
	recent    map[receiver.Key]int64 // the rows that are not in the tree; nil: not read yet
	short     []string               // rows that have more events than there are
}

// maxShort is how many of them are reported.
const maxShort = 100

// NewChecker returns a checker of the store that c is connected to. problem is called with
// each problem.
func NewChecker(c *conn.Conn, problem func(format string, args ...any)) *Checker {
	x := &Checker{conn: c, problem: problem, made: newFolding(maxRecentRows)}
	for _, k := range receiver.Kinds() {
		code, _ := k.Code()
		x.stored = append(x.stored, &storedRows{kind: code})
	}
	return x
}

// Add takes an event. The events must come in their order, and all of them.
func (x *Checker) Add(ctx context.Context, e *receiver.Event) error {
	if e.Seq != x.last+1 {
		x.Lacks, x.gap = true, e.Seq
	}
	x.last = e.Seq
	if err := x.made.apply(e); err != nil {
		return err
	}
	return x.compareUntil(ctx, e.Seq)
}

// Flush compares the rows that are left. It is called after the last event.
func (x *Checker) Flush(ctx context.Context) error {
	if err := x.compareUntil(ctx, math.MaxInt64); err != nil {
		return err
	}
	if x.Lacks {
		return nil
	}
	for _, text := range x.short {
		x.problem("%s", text)
	}
	if missing := x.made.len(); missing > 0 {
		x.problem("rows that are missing: %d", missing)
	}
	return nil
}

// compareUntil compares the rows whose last event is not after seq.
func (x *Checker) compareUntil(ctx context.Context, seq int64) error {
	for _, s := range x.stored {
		for {
			r, err := s.next(ctx, x.conn, seq)
			if err != nil {
				return err
			}
			if r == nil {
				break
			}
			if err := x.compare(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare compares a row with the one that the events make.
func (x *Checker) compare(ctx context.Context, r *Exported) error {
	x.Rows++
	want, err := x.made.take(r.Key)
	if err != nil {
		return err
	}
	if !r.isMadeOf(want) {
		x.differs(r, want)
	}
	return x.checkNumber(ctx, r)
}

// differs reports that a row is not the one that the events make, unless that is right.
func (x *Checker) differs(r *Exported, want *foldedRow) {
	stored := receiver.Row{Key: r.Key}
	err := codec.DecodeState(r.State, &stored)
	if err == nil {
		_, err = codec.DecodeUpdates(r.Updates)
	}
	switch {
	case err != nil:
		x.problem("%s %q: %v", r.Kind, r.ID, err)
	case want == nil && stored.Events > 0:
		x.fewer("%s %q has no events", r.Kind, r.ID)
	case want == nil:
		x.problem("%s %q has no events", r.Kind, r.ID)
	case want.Events < stored.Events:
		x.fewer("%s %q has only %d of its %d events", r.Kind, r.ID, want.Events, stored.Events)
	case want.began < x.gap: // a reader needed that event, the row was deleted with its last one, and newer ones came
	default:
		x.problem("%s %q is not what its events make: it is %s, and should be %s", r.Kind, r.ID, stored.Status, want.Status)
	}
}

// fewer reports a row that has more events than there are, unless some are deleted.
func (x *Checker) fewer(format string, args ...any) {
	if len(x.short) < maxShort {
		x.short = append(x.short, fmt.Sprintf(format, args...))
	}
}

// isMadeOf reports whether a row is the one that the events make.
func (r *Exported) isMadeOf(want *foldedRow) bool {
	return want != nil && r.Seq == want.Seq &&
		bytes.Equal(r.State, codec.AppendState(nil, &want.Row)) && bytes.Equal(r.Updates, codec.AppendUpdates(nil, want.Updates))
}

// checkNumber checks that a row is found by its id.
func (x *Checker) checkNumber(ctx context.Context, r *Exported) error {
	if x.recent == nil {
		recent := newIndex(0)
		if err := recent.load(x.conn); err != nil {
			return err
		}
		x.recent = recent.recent
	}
	found := x.recent[r.Key]
	code, _ := r.Kind.Code()
	err := x.conn.Each(ctx, selectIndexed, func(row []driver.Value) error {
		found = conn.Int(row[0])
		return nil
	}, code, codec.TestCode(r.Key), []byte(r.ID))
	if err == nil && found != r.Number {
		x.problem("%s %q is not found by its id", r.Kind, r.ID)
	}
	return err
}

// storedRows reads the rows of a kind in the order of their last events.
type storedRows struct {
	kind  int64
	page  []Exported
	after int64 // the last event of the last row that was read
	end   bool
}

// next returns the next row, nil if its last event is after seq.
func (s *storedRows) next(ctx context.Context, c *conn.Conn, seq int64) (*Exported, error) {
	if len(s.page) == 0 && !s.end {
		err := c.Each(ctx, rowsByChange, func(v []driver.Value) error {
			s.page = append(s.page, Exported{
				Key: codec.KeyOf(conn.Int(v[1]), conn.Int(v[2]), conn.Blob(v[3])), Number: conn.Int(v[0]), Seq: conn.Int(v[4]),
				State: slices.Clone(conn.Blob(v[5])), Updates: slices.Clone(conn.Blob(v[6])),
			})
			return nil
		}, s.kind, s.after)
		if err != nil {
			return nil, err
		}
		s.end = len(s.page) == 0
	}
	if len(s.page) == 0 || s.page[0].Seq > seq {
		return nil, nil
	}
	r := &s.page[0]
	s.page, s.after = s.page[1:], r.Seq
	return r, nil
}
