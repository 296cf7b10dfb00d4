package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/checks"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
	"github.com/up42/up42-webhooks/receiver/sqlite/eventindex"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
)

// VerifyResult says what was checked in a store, and what is wrong with it.
type VerifyResult struct {
	// Events and Rows are how many were checked.
	Events, Rows int64
	// Problems has one line for each problem, at most 100. It is empty if the store is
	// sound.
	Problems []string
	found    string // the problem that a receiver has noticed
}

// marked reports whether a problem is only what a receiver has noticed before.
func (r *VerifyResult) marked(problem string) bool { return problem == r.found && r.found != "" }

const maxProblems = 100

// reportEvery is how many events are checked before the next report.
const reportEvery = 1000

const (
	integrityCheck = `PRAGMA integrity_check`
	// How many pages are neither used nor free. In a file of more than 1 GiB SQLite never uses
	// the page at that place.
	lostPages = `SELECT page_count - freelist_count - (SELECT count(*) FROM dbstat) - (page_count * page_size > 1 << 30)
		FROM pragma_page_count, pragma_freelist_count, pragma_page_size`
	selectEvents = `SELECT ` + eventFields + ` FROM event_log ORDER BY seq`
	selectRows   = `SELECT number, kind, test, id, seq, state, updates FROM rows ORDER BY number`
)

// Verify checks everything in the store as it is at the start of the call: that SQLite's
// structures are sound, that every event can be read, by searches too, and would be found if it came again,
// that the rows are what the events make, that the counters are right, and that all else can be read and
// exported. What a receiver would take for damage, Verify finds. It reads
// the whole file. It has those rows in memory that have events before and after the one that
// it checks, about 200 bytes for each.
//
// report, which may be nil, is told how many events were checked, of how many. Also after an
// error the result says how far the check got.
func (l *Log) Verify(ctx context.Context, report Progress) (VerifyResult, error) {
	m, _, err := guard.ReadMark(l.file) // before the snapshot, which then has all that it says
	if err != nil {
		return VerifyResult{}, explain(l.file, "look at its mark", err)
	}
	v := verifier{mark: m, report: report, verdicts: map[receiver.Verdict]int64{}}
	err = l.snapshot(ctx, "verify it", func(ctx context.Context, c *conn.Conn) error {
		v.ctx, v.conn = ctx, c
		return v.all()
	})
	return v.VerifyResult, err
}

// Progress is told how far a call has got. total may grow.
type Progress func(done, total int64)

type verifier struct {
	VerifyResult
	ctx  context.Context
	conn *conn.Conn

	mark     guard.Mark
	counters counters
	dedup    *dedup.Checker
	index    eventindex.Checker
	minutes  checks.Minutes
	rows     *rowcache.Checker
	report   Progress
	verdicts map[receiver.Verdict]int64
	last     int64 // the last event
	// lastMessage is the last event that the index of duplicates names.
	lastMessage int64
}

func (v *verifier) all() (err error) {
	if v.dedup, err = dedup.NewChecker(v.conn); err != nil {
		return err
	}
	if err := v.counters.load(v.conn); err != nil {
		return err
	}
	v.rows = rowcache.NewChecker(v.conn, v.problem)
	for _, check := range []func() error{v.checkStructure, v.checkEvents, v.checkIndexes, v.checkMessages, v.checkRows, v.checkTables, v.checkCounters} {
		if err := check(); err != nil {
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

func (v *verifier) checkStructure() error {
	err := v.conn.Each(v.ctx, integrityCheck, func(row []driver.Value) error {
		if text, _ := row[0].(string); text != "ok" {
			v.problem("the file is damaged: %s", text)
		}
		return nil
	})
	if err != nil || len(v.Problems) > 0 {
		return err
	}
	// SQLite does not look for lost pages if the first table that it looks at happens to be a
	// view.
	lost, err := v.conn.Int(v.ctx, lostPages)
	if lost != 0 {
		v.problem("the file is damaged: pages at a wrong place: %d", max(lost, -lost))
	}
	return err
}

func (v *verifier) checkEvents() error {
	err := v.conn.Each(v.ctx, selectEvents, func(row []driver.Value) error {
		r := codec.Record{Seq: conn.Int(row[0]), Received: conn.Int(row[1]), Verdict: conn.Int(row[2]), Envelope: conn.Blob(row[3]), Body: conn.Blob(row[4])}
		if r.Seq <= v.last { // a page is damaged, although its structure is sound
			v.problem("event %d comes after event %d", r.Seq, v.last)
			return nil
		}
		e, err := r.Event()
		if err != nil {
			v.problem("%v", err)
			e = &receiver.Event{Seq: r.Seq, Verdict: receiver.Rejected}
		} else if wrong := checks.Event(e); wrong != "" {
			v.problem("event %d %s", r.Seq, wrong)
		}
		if missing, err := v.minutes.Add(v.ctx, v.conn, r.Seq, minuteOf(r.Received)); missing != 0 || err != nil {
			if err != nil {
				return err
			}
			v.problem("event %d would not be found by its time", missing)
		}
		return v.checkEvent(e)
	})
	if err != nil {
		return err
	}
	if v.counters.LastSeq > v.last { // the last ones were lost
		v.rows.Lacks = true
	}
	return v.reportMissing(v.dedup.Flush(v.ctx))
}

func (v *verifier) checkEvent(e *receiver.Event) error {
	v.last = e.Seq
	v.Events++
	if v.report != nil && v.Events%reportEvery == 0 {
		v.report(v.Events, v.counters.Events())
	}
	v.verdicts[e.Verdict]++
	if err := v.rows.Add(v.ctx, e); err != nil {
		return err
	}
	if wrong, err := v.index.Add(v.conn, e); wrong != 0 || err != nil {
		if err != nil {
			return err
		}
		v.problem("a search would not find the events from %d on as they are", wrong)
	}
	return v.reportMissing(v.dedup.Add(v.ctx, e))
}

// reportMissing reports events whose messages are not in the index of duplicates.
func (v *verifier) reportMissing(seqs []int64, err error) error {
	for _, seq := range seqs {
		v.problem("event %d would not be found if it came again", seq)
	}
	return err
}

// checkIndexes checks what of the indexes of events does not depend on one event.
func (v *verifier) checkIndexes() error {
	wrong, err := eventindex.CheckLines(v.ctx, v.conn, v.counters.LastSeq)
	if err != nil {
		return err
	}
	if wrong != 0 {
		v.problem("a search would not find the events from %d on as they are", wrong)
	}
	last, blocks, err := v.dedup.CheckRecords(v.ctx)
	v.lastMessage = last
	if blocks > 0 {
		v.problem("some messages would not be found if they came again: %d blocks are not in their order", blocks)
	}
	return err
}

// checkMessages checks that no message is of an event that is still to come.
func (v *verifier) checkMessages() error {
	if v.lastMessage > v.counters.LastSeq {
		v.problem("there is a message of event %d, the store says that the last one is %d", v.lastMessage, v.counters.LastSeq)
	}
	return nil
}

// checkTables checks all other tables.
func (v *verifier) checkTables() error {
	t := checks.Tables{Conn: v.conn, LastEvent: v.counters.LastSeq, LastRejected: v.counters.Rejected, Problem: v.problem}
	return t.Check(v.ctx)
}

// checkRows compares the rows of the store with those that the events make, as far as that
// is not done.
func (v *verifier) checkRows() error {
	err := v.rows.Flush(v.ctx)
	v.Rows = v.rows.Rows
	return err
}

func (v *verifier) checkCounters() error {
	t := &v.counters
	if missing := missingSince(t.LastSeq, v.mark); missing != "" {
		v.problem("%s", missing)
	}
	if v.mark.Damage != "" {
		v.found = fmt.Sprintf("a receiver found it damaged, %s", v.mark.Damage)
		v.problem("%s", v.found)
	}
	if t.Events() != v.Events {
		v.problem("events: the store counts %d, and has %d", t.Events(), v.Events)
	}
	if t.Rows.Total() != v.Rows {
		v.problem("rows: the store counts %d, and has %d", t.Rows.Total(), v.Rows)
	}
	if v.last > t.LastSeq {
		v.problem("the newest event is %d, the store says %d", v.last, t.LastSeq)
	}
	v.checkVerdicts()
	return v.checkNumbers()
}

// checkVerdicts compares how many events have each verdict with what the store counts.
func (v *verifier) checkVerdicts() {
	t := &v.counters
	for _, verdict := range receiver.Verdicts() {
		has, n := v.verdicts[verdict], t.of(verdict)
		if n != nil && (*n < has || *n > has && t.Deleted == 0) {
			v.problem("%s events: the store counts %d, and has %d", verdict, *n, has)
		}
	}
}

// checkNumbers compares the last number that was given with what the store counts. Each event that
// was ever stored has a number of its own. A repair counts each other number up to the last one as an event
// that was deleted. One of an earlier version did not: then newer events tell that the numbers went on.
func (v *verifier) checkNumbers() error {
	t := &v.counters
	if n := slices.MinFunc(t.fields(), func(a, b *int64) int { return cmp.Compare(*a, *b) }); *n < 0 {
		v.problem("a counter is %d", *n)
	}
	if !checks.IsTime(time.UnixMicro(t.arrival)) {
		v.problem("the newest delivery came at an impossible time")
	}
	newest := max(v.last, v.lastMessage)
	switch stored := t.Events() + t.Deleted; {
	case stored > t.LastSeq:
		v.problem("the store counts %d events that it has or had, and says that the last one is %d", stored, t.LastSeq)
	case stored < t.LastSeq && newest < t.LastSeq:
		v.problem("the store says that the last event is %d, and the last one that it has or had is %d", t.LastSeq, newest)
	}
	return nil
}
