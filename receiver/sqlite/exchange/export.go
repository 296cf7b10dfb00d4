package exchange

import (
	"context"
	"database/sql/driver"
	"io"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
)

const (
	selectEvents      = `SELECT seq, received, verdict, envelope, body FROM event_log ORDER BY seq`
	selectRejected    = `SELECT seq, received, verdict, envelope, body FROM rejected_log ORDER BY seq`
	selectRows        = `SELECT number, kind, test, id, seq, state, updates FROM rows ORDER BY number`
	selectCheckpoints = `SELECT reader, cursor, done FROM checkpoints ORDER BY reader`
	selectJumps       = `SELECT seq, rejected, at, jump FROM clock_jumps ORDER BY number`
	selectFailures    = `SELECT reader, seq, at, tries, reason FROM failures ORDER BY seq, reader`
)

// Export writes all that a store has. The connection must see the store in one
// transaction; counters are the store's.
func Export(ctx context.Context, c *conn.Conn, w io.Writer, counters Counters) error {
	x := exporter{Writer: NewWriter(w), ctx: ctx, conn: c}
	if err := x.all(counters); err != nil {
		return err
	}
	return x.Flush()
}

// exporter writes the parts of an export in the order in which an import needs them.
type exporter struct {
	*Writer
	ctx  context.Context
	conn *conn.Conn
}

func (x *exporter) all(counters Counters) error {
	// Without them, the events say what rows and messages there are.
	deleted := counters.LastSeq > counters.Verified+counters.Trusted+counters.Partial+counters.Unsigned-counters.Deleted
	if err := x.Begin(deleted); err != nil {
		return err
	}
	parts := []func() error{x.events, x.rejected, x.checkpoints, x.failures, x.jumps}
	if deleted {
		parts = []func() error{x.messages, x.events, x.rejected, x.rows, x.checkpoints, x.failures, x.jumps}
	}
	for _, part := range parts {
		if err := part(); err != nil {
			return err
		}
	}
	return x.Put(Line{Counters: &counters})
}

// messages writes the messages whose events are deleted.
func (x *exporter) messages() error {
	return dedup.EachWithoutEvent(x.ctx, x.conn, func(k dedup.Key, m dedup.Message) error {
		return x.Put(Line{Message: &Message{k[:], m.Trust, m.Seq, int64(m.Body)}})
	})
}

func (x *exporter) events() error {
	return x.deliveries(selectEvents, func(e *Event) Line { return Line{Event: e} })
}

func (x *exporter) rejected() error {
	return x.deliveries(selectRejected, func(e *Event) Line { return Line{Rejected: e} })
}

func (x *exporter) deliveries(query string, line func(*Event) Line) error {
	return x.conn.Each(x.ctx, query, func(v []driver.Value) error {
		r := codec.Record{Seq: conn.Int(v[0]), Received: conn.Int(v[1]), Verdict: conn.Int(v[2]), Envelope: conn.Blob(v[3]), Body: conn.Blob(v[4])}
		e, err := r.Event()
		if err != nil {
			return err
		}
		return x.Put(line(EventOf(e)))
	})
}

func (x *exporter) rows() error {
	return x.conn.Each(x.ctx, selectRows, func(v []driver.Value) error {
		return x.Put(Line{Row: &Row{
			Number: conn.Int(v[0]), Kind: string(codec.KindOf(conn.Int(v[1]))), ID: Text(conn.Blob(v[3])), Test: conn.Int(v[2]) != 0,
			Seq: conn.Int(v[4]), State: codec.WithoutLine(conn.Blob(v[5])), Updates: conn.Blob(v[6]),
		}})
	})
}

// readerName hides what an older program may have put into the name of a reader: a whole
// URL.
func readerName(name string) Text { return Text(safe.Name(name)) }

// CheckpointOf returns a checkpoint as it is exported.
func CheckpointOf(reader string, p receiver.Checkpoint) *Checkpoint {
	out := &Checkpoint{Reader: readerName(reader), Cursor: p.Cursor}
	for _, s := range p.Done {
		out.Done = append(out.Done, Span(s))
	}
	return out
}

// FailureOf returns a failure as it is exported.
func FailureOf(f *receiver.Failure) *Failure {
	return &Failure{Reader: readerName(f.Reader), Seq: f.Seq, At: f.At, Tries: f.Tries, Reason: Text(f.Reason)}
}

func (x *exporter) checkpoints() error {
	return x.conn.Each(x.ctx, selectCheckpoints, func(v []driver.Value) error {
		p := receiver.Checkpoint{Cursor: conn.Int(v[1])}
		var err error
		if p.Done, err = codec.DecodeSpans(conn.Blob(v[2]), p.Cursor); err != nil {
			return err
		}
		return x.Put(Line{Checkpoint: CheckpointOf(string(conn.Blob(v[0])), p)})
	})
}

func (x *exporter) failures() error {
	return x.conn.Each(x.ctx, selectFailures, func(v []driver.Value) error {
		return x.Put(Line{Failure: FailureOf(&receiver.Failure{
			Reader: string(conn.Blob(v[0])), Seq: conn.Int(v[1]), At: time.UnixMicro(conn.Int(v[2])).UTC(),
			Tries: int(conn.Int(v[3])), Reason: string(conn.Blob(v[4])),
		})})
	})
}

func (x *exporter) jumps() error {
	return x.conn.Each(x.ctx, selectJumps, func(v []driver.Value) error {
		return x.Put(Line{ClockJump: &ClockJump{Seq: conn.Int(v[0]), Rejected: conn.Int(v[1]), At: conn.Int(v[2]), Jump: conn.Int(v[3])}})
	})
}
