package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Export writes all that the store holds as lines of JSON, as it is at the
// start of the call, in little memory: what [Import] makes the same store of.
// Bodies, which hold whatever was sent, are in it, and no secret is.
func (l *Log) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	err := l.snapshot(ctx, "export it", func(ctx context.Context, c *conn) error {
		return (&exporter{ctx: ctx, conn: c, out: out}).all()
	})
	return errors.Join(err, out.Flush())
}

// exporter writes the parts of an export, each kind in the order in which an
// import needs it.
type exporter struct {
	ctx  context.Context
	conn *conn
	out  *bufio.Writer
	line []byte
}

func (x *exporter) put(l exportLine) (err error) {
	if x.line, err = receiver.AppendJSONLine(x.line[:0], l); err != nil {
		return err
	}
	if _, err = x.out.Write(x.line); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}

func (x *exporter) all() error {
	var t totals
	if err := t.load(x.conn); err != nil {
		return err
	}
	if err := x.put(exportLine{Format: exportName, Version: exportVersion, Rows: t.Deleted > 0}); err != nil {
		return err
	}
	if t.Deleted > 0 {
		if err := x.messages(); err != nil {
			return err
		}
	}
	if err := x.events(allEvents, func(e *exportEvent) exportLine { return exportLine{Event: e} }); err != nil {
		return err
	}
	if err := x.events(allRejected, func(e *exportEvent) exportLine { return exportLine{Rejected: e} }); err != nil {
		return err
	}
	if t.Deleted > 0 {
		if err := x.rows(); err != nil {
			return err
		}
	}
	if err := x.ledger(); err != nil {
		return err
	}
	return x.put(exportLine{Counters: &exportCounters{
		LastSeq: t.LastSeq, Verified: t.Verified, Trusted: t.Trusted, Partial: t.Partial, Unsigned: t.Unsigned, Deleted: t.Deleted,
		Rejected: t.Rejected, Duplicates: t.Duplicates, Orders: t.Rows.Of(receiver.Order), Jobs: t.Rows.Of(receiver.Job), LastArrival: t.arrival,
	}})
}

func (x *exporter) events(query string, line func(*exportEvent) exportLine) error {
	return x.conn.each(x.ctx, query, nil, func(v []driver.Value) error {
		s := storedEvent{number(v[0]), number(v[1]), number(v[2]), blob(v[3]), blob(v[4])}
		e, err := s.event()
		if err != nil {
			return err
		}
		return x.put(line(exportOf(e)))
	})
}

// messages writes those whose event is gone, in the order of their keys.
func (x *exporter) messages() error {
	recent, err := x.goneRecently()
	if err != nil {
		return err
	}
	err = x.conn.each(x.ctx, goneMessages, nil, func(v []driver.Value) error {
		m := &exportMessage{blob(v[0]), receiver.Trust(number(v[1])), number(v[2])}
		for len(recent) > 0 && bytes.Compare(recent[0].Key, m.Key) <= 0 {
			if bytes.Equal(recent[0].Key, m.Key) {
				m = nil // of more trust since
			}
			if err := x.put(exportLine{Message: recent[0]}); err != nil {
				return err
			}
			if recent = recent[1:]; m == nil {
				return nil
			}
		}
		return x.put(exportLine{Message: m})
	})
	if err != nil {
		return err
	}
	for _, m := range recent {
		if err := x.put(exportLine{Message: m}); err != nil {
			return err
		}
	}
	return nil
}

// goneRecently are those messages whose event is gone that are not in the tree,
// or with less trust there.
func (x *exporter) goneRecently() (gone []*exportMessage, err error) {
	m := newMessages(0)
	if err := m.load(x.conn); err != nil {
		return nil, err
	}
	for _, k := range slices.SortedFunc(maps.Keys(m.recent), messageKey.compare) {
		n := m.recent[k]
		there, err := x.conn.has(x.ctx, hasEvent, n.seq)
		if err != nil {
			return nil, err
		}
		if !there {
			gone = append(gone, &exportMessage{k[:], n.trust, n.seq})
		}
	}
	return gone, nil
}

func (x *exporter) rows() error {
	return x.conn.each(x.ctx, allRows, nil, func(v []driver.Value) error {
		return x.put(exportLine{Row: &exportRow{
			Place: number(v[0]), Kind: string(kindOf(number(v[1]))), ID: exact(blob(v[2])),
			Seq: number(v[3]), State: blob(v[4]), Points: blob(v[5]),
		}})
	})
}

func (x *exporter) ledger() error {
	err := x.conn.each(x.ctx, allProgress, nil, func(v []driver.Value) error {
		p := exportProgress{Reader: exact(blob(v[0])), Cursor: number(v[1])}
		var err error
		if p.Done, err = decodePlaces(string(blob(v[2])), p.Cursor); err != nil {
			return err
		}
		return x.put(exportLine{Progress: &p})
	})
	if err != nil {
		return err
	}
	return x.conn.each(x.ctx, allFailures, nil, func(v []driver.Value) error {
		return x.put(exportLine{Failure: &exportFailure{
			exact(blob(v[0])), number(v[1]), time.UnixMicro(number(v[2])).UTC(), int(number(v[3])), exact(blob(v[4])),
		}})
	})
}
