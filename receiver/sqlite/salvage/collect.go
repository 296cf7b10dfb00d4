package salvage

import (
	"context"
	"database/sql/driver"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/checks"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
)

// place is where a row is.
type place struct {
	page uint32
	cell uint16
}

// found is what the pages of a store have. Events and rejected deliveries are read again
// when they are needed: only their places are in memory.
type found struct {
	pages       *pages
	events      map[int64]place
	rejected    map[int64]place
	messages    map[dedup.Key]dedup.Message
	rows        map[receiver.Key]rowcache.Exported
	checkpoints map[string]receiver.Checkpoint
	failures    []receiver.Failure
	jumps       map[int64]exchange.ClockJump // by their number
	minutes     []int64                      // the first event of each
	counters    counters                     // nil: they are lost
	folded      *receiver.RowSet
	order       []receiver.Key // of folded
	damaged     int64          // rows and pages that can't be read
}

// recognized reports whether something was found that only a store has.
func (f *found) recognized() bool {
	return len(f.events)+len(f.rejected)+len(f.messages)+len(f.checkpoints) > 0 || f.counters != nil
}

// collect looks at all pages.
func collect(ctx context.Context, p *pages) (*found, error) {
	f := &found{
		pages: p, events: map[int64]place{}, rejected: map[int64]place{}, messages: map[dedup.Key]dedup.Message{},
		rows: map[receiver.Key]rowcache.Exported{}, checkpoints: map[string]receiver.Checkpoint{},
		jumps: map[int64]exchange.ClockJump{},
	}
	free, sure := p.free()
	var page []byte
	for n := uint32(1); n <= p.count && n != 0; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if free[n] {
			continue
		}
		var ok bool
		if page, ok = p.read(n, page); !ok {
			f.damaged++
			continue
		}
		f.addPage(n, page)
	}
	if !sure { // pages with deleted events may be among those that were read
		f.forgetDeleted()
	}
	return f, nil
}

func (f *found) addPage(n uint32, page []byte) {
	f.damaged += f.pages.eachCell(n, page, func(kind byte, at int) {
		r, ok := f.pages.readRow(kind, page, at)
		if !ok || !f.addRow(r, place{n, uint16(at)}) {
			f.damaged++
		}
	})
}

// addRow adds a row to what was found. It reports whether the row is of a table that is
// known, and can be decoded.
func (f *found) addRow(r row, at place) bool {
	v := r.values
	switch form := formOf(r); form {
	case "Tniibb":
		return f.addDelivery(r, at)
	case "Tniibibb":
		return f.addTableRow(r)
	case "Tnb":
		return dedup.EachRecord(conn.Blob(v[1]), f.addMessage) == nil
	case "Ibib":
		return f.addCheckpoint(v)
	case "Iibiib":
		return f.addFailure(v)
	case "Tniiii":
		return f.addJump(r)
	case "Tn" + "iiii" + "iiii" + "iiii" + "i":
		return f.addCounters(v[1:])
	case "Tni":
		if r.key > 1 { // and not that of row_indexed
			f.minutes = append(f.minutes, conn.Int(v[1]))
		}
		return true
	case "Iiii", "Iiibi", "Tnibb", "Tnii", "Ibbii": // they are made again, or do not matter then
		return true
	default:
		return strings.ContainsRune(form, 's') // SQLite's own table
	}
}

// formOf describes a row: T for a table or I for an index, then n for NULL, i for an
// integer, s for a text and b for a blob.
func formOf(r row) string {
	form := make([]byte, 0, 16)
	form = append(form, 'I')
	if r.leaf {
		form[0] = 'T'
	}
	for _, v := range r.values {
		switch v.(type) {
		case nil:
			form = append(form, 'n')
		case int64:
			form = append(form, 'i')
		case string:
			form = append(form, 's')
		default:
			form = append(form, 'b')
		}
	}
	return string(form)
}

func recordOf(r row) codec.Record {
	v := r.values
	return codec.Record{Seq: r.key, Received: conn.Int(v[1]), Verdict: conn.Int(v[2]), Envelope: conn.Blob(v[3]), Body: conn.Blob(v[4])}
}

func (f *found) addDelivery(r row, at place) bool {
	rec := recordOf(r)
	e, err := rec.Event()
	if err != nil || e.Seq <= 0 || codec.VerdictCode(e.Verdict) != rec.Verdict || !checks.HasItsTimes(e) {
		return false
	}
	if e.Verdict == receiver.Rejected {
		f.rejected[e.Seq] = at
		return true
	}
	if checks.Event(e) != "" {
		return false
	}
	f.events[e.Seq] = at
	return true
}

// addMessage adds a message. Of several events, the last one has the highest trust.
func (f *found) addMessage(k dedup.Key, m dedup.Message) {
	if f.messages[k].Seq < m.Seq {
		f.messages[k] = m
	}
}

func (f *found) addTableRow(r row) bool {
	v := r.values
	x := rowcache.Exported{
		Key: codec.KeyOf(conn.Int(v[1]), conn.Int(v[2]), conn.Blob(v[3])), Number: r.key, Seq: conn.Int(v[4]),
		State: append([]byte(nil), conn.Blob(v[5])...), Updates: append([]byte(nil), conn.Blob(v[6])...),
	}
	decoded := receiver.Row{Key: x.Key}
	if codec.DecodeState(x.State, &decoded) != nil || !x.Kind.Known() {
		return false
	}
	if _, err := codec.DecodeUpdates(x.Updates); err != nil {
		return false
	}
	if f.rows[x.Key].Seq <= x.Seq {
		f.rows[x.Key] = x
	}
	return true
}

func (f *found) addCheckpoint(v []driver.Value) bool {
	name, p := string(conn.Blob(v[0])), receiver.Checkpoint{Cursor: conn.Int(v[1])}
	var err error
	if p.Done, err = codec.DecodeSpans(conn.Blob(v[2]), p.Cursor); err != nil {
		p.Done = nil // what they say is done is sent once more
	}
	if name == "" || p.Cursor < 0 {
		return false
	}
	f.checkpoints[name] = p
	return err == nil
}

func (f *found) addFailure(v []driver.Value) bool {
	failure := receiver.Failure{
		Seq: conn.Int(v[0]), Reader: string(conn.Blob(v[1])), At: microseconds(conn.Int(v[2])),
		Tries: int(conn.Int(v[3])), Reason: string(conn.Blob(v[4])),
	}
	if !checks.IsTime(failure.At) || failure.Seq <= 0 || failure.Reader == "" {
		return false
	}
	f.failures = append(f.failures, failure)
	return true
}

func (f *found) addJump(r row) bool {
	v := r.values
	jump := exchange.ClockJump{Seq: conn.Int(v[1]), Rejected: conn.Int(v[2]), At: conn.Int(v[3]), Jump: conn.Int(v[4])}
	if !checks.IsTime(microseconds(jump.At)) {
		return false
	}
	f.jumps[r.key] = jump
	return true
}

// addCounters adds the counters, without their key.
func (f *found) addCounters(v []driver.Value) bool {
	c := make(counters, len(v))
	for i := range c {
		if c[i] = conn.Int(v[i]); c[i] < 0 {
			return false
		}
	}
	if !checks.IsTime(microseconds(c[arrivalColumn])) {
		return false
	}
	f.counters = c
	return true
}

// delivery reads an event or a rejected delivery again.
func (f *found) delivery(at place) (*receiver.Event, error) {
	page, ok := f.pages.read(at.page, nil)
	if ok {
		var r row
		if r, ok = f.pages.readRow(tableLeaf, page, int(at.cell)); ok {
			rec := recordOf(r)
			return rec.Event()
		}
	}
	return nil, codec.ErrInvalid
}
