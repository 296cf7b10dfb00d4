package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"time"

	"github.com/up42/up42-webhooks/receiver/sqlite/aging"
	"github.com/up42/up42-webhooks/receiver/sqlite/batch"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
	"github.com/up42/up42-webhooks/receiver/sqlite/rejected"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
)

// writer is the one goroutine that writes to the store, and what only it uses.
type writer struct {
	file    string
	wal     string // the path of SQLite's write-ahead log
	options Options
	queue   chan *batch.Request
	rejects *rejected.Buffer
	done    chan struct{} // closed at the end of run
	// stored is called with each state of the store that was committed. May be nil.
	stored func(state)

	conn       *conn.Conn // nil after a failure, until the next transaction
	fileID     fileid.ID
	walID      fileid.ID // zero until the first commit
	incomplete bool      // the WAL was removed, or the file emptied

	// What the writer has in memory of the store.
	version  int64 // the data version of the store when the following was read
	counters counters
	minute   int64 // the last one in the table of minutes
	dedup    *dedup.Index
	rows     *rowcache.Cache

	// The current batch.
	batcher batch.Batcher
	batch   []*batch.Request
	events  []newEvent

	statements statements

	// Rejected deliveries may be written from flushAt on; flush fires then.
	flushAt time.Time
	flush   *time.Timer
	// Retention continues when prune fires. Without retention it never does.
	prune *time.Timer

	clock *aging.Clock // nil if nobody wants to know
	jumps []aging.Jump // that are not stored yet
}

// unknown is neither a data version nor a minute.
const unknown = math.MinInt64

// newWriter opens the file for writing. The caller starts run.
func newWriter(ctx context.Context, file string, o Options) (*writer, error) {
	w := &writer{
		file: file, wal: file + "-wal", options: o, queue: make(chan *batch.Request, o.Queue), done: make(chan struct{}),
		rejects: rejected.NewBuffer(), dedup: dedup.NewIndex(o.maxRecent), rows: rowcache.New(max(1, o.maxRecent/4)),
		statements: newStatements(), flush: time.NewTimer(time.Hour), prune: time.NewTimer(0),
	}
	w.flush.Stop()
	if o.prunes() || o.ClockJumped != nil {
		w.clock = aging.NewClock(o.Now, o.elapsed)
	}
	if !o.prunes() {
		w.prune.Stop()
	}
	return w, w.connect(ctx)
}

// run stores what is queued, until the queue is closed.
func (w *writer) run() {
	defer close(w.done)
	look := w.startClock()
	defer look.Stop()
	for {
		select {
		case r, ok := <-w.queue:
			if !ok {
				w.store(nil, w.rejects.Take())
				return
			}
			w.batch = w.batcher.Collect(w.batch, r, w.queue)
			w.store(w.batch, w.dueRejects())
			clear(w.batch)
		case <-w.rejects.Wake:
			w.flush.Reset(time.Until(w.flushAt))
		case <-w.flush.C:
			w.store(nil, w.dueRejects())
		case <-w.prune.C:
			w.prune.Reset(w.pruneSome())
		case <-look.C:
			w.checkClock()
			w.storeJumps()
		case <-w.options.ticks:
			w.pruneSome()
		}
	}
}

// wait waits for the end of run.
func (w *writer) wait() error {
	<-w.done
	w.flush.Stop()
	w.prune.Stop()
	if b := w.rejects.Take(); b.Count > 0 {
		return errors.New("the last rejected deliveries could not be stored")
	}
	return nil
}

// dueRejects returns the rejected deliveries if it is time to write them.
func (w *writer) dueRejects() rejected.Batch {
	if time.Now().Before(w.flushAt) {
		return rejected.Batch{}
	}
	return w.rejects.Take()
}

// store stores a batch and rejected deliveries in one transaction, and answers the
// callers of the batch.
func (w *writer) store(requests []*batch.Request, rejects rejected.Batch) {
	if len(requests) == 0 && rejects.Count == 0 {
		return
	}
	w.checkClock()
	began := time.Now()
	err := w.commit(
		func(t *counters) error { return w.addBatch(t, requests) },
		func(*counters) error { return w.changeCheckpoints(requests) },
		func(t *counters) error { return w.addRejected(t, rejects) },
	)
	if err != nil {
		err = explain(w.file, "write to it", errors.Join(err, w.disconnect()))
	}
	if rejects.Count > 0 {
		w.planFlush(rejects, err, time.Since(began))
	}
	if err == nil {
		w.stored(w.counters.state())
	}
	w.batcher.Note(len(requests), len(w.queue), time.Since(began))
	for _, r := range requests {
		r.Err = err
		close(r.Done)
	}
}

// planFlush sets when rejected deliveries are written next. A flood of them gets at most
// a twentieth of the writer's time.
func (w *writer) planFlush(rejects rejected.Batch, err error, took time.Duration) {
	pause := max(100*time.Millisecond, 20*took)
	if err != nil {
		pause = time.Second
		w.rejects.PutBack(rejects)
		w.flush.Reset(pause)
	}
	w.flushAt = time.Now().Add(pause)
}

// connect opens a connection if there is none.
func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	c, err := openWriter(ctx, w.file, w.options)
	if err != nil {
		return err
	}
	if w.fileID, _, err = fileid.Stat(w.file); err != nil {
		return errors.Join(err, c.Close())
	}
	w.conn, w.version, w.minute, w.walID = c, unknown, unknown, fileid.ID{}
	return nil
}

// disconnect closes the connection after a failure, which rolls back. The next batch
// opens another one, and so does not depend on what SQLite did before the failure.
func (w *writer) disconnect() error {
	if w.conn == nil || w.incomplete {
		return nil
	}
	err := w.conn.Close()
	w.conn = nil
	w.dedup.Clear()
	w.rows.Clear()
	w.statements.clear()
	return err
}

// close closes the connection. The last connection to a store copies the write-ahead
// log into the file.
func (w *writer) close() error {
	w.incomplete = false
	return w.disconnect()
}

// checkFiles checks that the file and its write-ahead log still have their names, and
// that the file was not emptied. SQLite would write on without an error.
//
// The writer keeps its connection to an incomplete store: only this connection still has
// the log, and it copies the log into the file when it is closed. Until the store is
// complete again, nothing is stored.
func (w *writer) checkFiles() error {
	w.incomplete = false
	id, size, err := fileid.Stat(w.file)
	if err != nil || id != w.fileID {
		return ErrMoved
	}
	if w.walID == (fileid.ID{}) {
		return nil
	}
	walID, _, err := fileid.Stat(w.wal)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if w.incomplete = err != nil || walID != w.walID || size == 0; w.incomplete {
		return ErrIncomplete
	}
	return nil
}

// noteWAL notes which write-ahead log checkFiles expects, after the first commit.
func (w *writer) noteWAL() {
	if w.walID == (fileid.ID{}) {
		w.walID, _, _ = fileid.Stat(w.wal) // after an error the next commit tries again
	}
}
