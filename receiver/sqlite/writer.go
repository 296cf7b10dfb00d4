package sqlite

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/up42/up42-webhooks/receiver/sqlite/aging"
	"github.com/up42/up42-webhooks/receiver/sqlite/batch"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
	"github.com/up42/up42-webhooks/receiver/sqlite/eventindex"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
	"github.com/up42/up42-webhooks/receiver/sqlite/rejected"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
	"github.com/up42/up42-webhooks/receiver/sqlite/runs"
	"github.com/up42/up42-webhooks/receiver/sqlite/tail"
	"github.com/up42/up42-webhooks/receiver/sqlite/worker"
)

// writer is the one goroutine that writes to the store, and what only it uses.
type writer struct {
	file    string
	options Options
	queue   chan *batch.Request
	rejects *rejected.Buffer
	done    chan struct{} // closed at the end of run
	// stored is called with each state of the store that was committed. May be nil.
	stored func(state)
	// reopen closes all other connections of the process to the store, and opens others. May be nil.
	reopen func() error

	conn       *conn.Conn   // nil after a failure, until the next transaction
	locked     bool         // the last transaction failed because the store was locked
	guard      *guard.Guard // nil until the first connection
	incomplete bool         // the write-ahead log was removed
	missed     bool         // look has told that the files are gone
	damage     *damage

	// What the writer has in memory of the store.
	version  int64 // the data version of the store when the following was read
	counters counters
	minute   int64 // the last one in the table of minutes
	dedup    *dedup.Index
	index    *eventindex.Index
	rows     *rowcache.Cache

	// The current batch.
	batcher batch.Batcher
	batch   []*batch.Request
	events  []newEvent
	before  int64          // the last event before those of the batch
	records []codec.Record // of its events

	tail tail.Tail // for readers

	pages int64 // of the write-ahead log after the last transaction; 0: not known
	// copier copies the write-ahead log into the file. copied is how much of the log it has copied, or
	// will have; 0: it has not begun since the writer has copied the rest.
	copier  *worker.Worker
	copied  int64
	copying *copying // its last one
	// learner reads the keys of all messages. learned has them when it is done. unread says that
	// they could not be read, and that it reads them once more.
	learner *worker.Worker
	learned *runs.Keys
	unread  bool

	statements statements

	// Rejected deliveries may be written from flushAt on; flush fires then.
	flushAt time.Time
	flush   *time.Timer
	// tick fires when it is time to look at the files.
	tick *time.Ticker
	// Retention continues when prune fires. Without retention it never does.
	prune   *time.Timer
	pace    pace
	batches int // that were stored

	clock *aging.Clock // nil if nobody wants to know
	jumps []aging.Jump // that are not stored yet
}

// unknown is neither a data version nor a minute.
const unknown = math.MinInt64

// newWriter opens the file for writing, unless it is damaged. The caller starts run.
func newWriter(ctx context.Context, file string, o Options, d *damage) (*writer, error) {
	w := &writer{
		file: file, damage: d, options: o, queue: make(chan *batch.Request, o.Queue), done: make(chan struct{}),
		rejects: rejected.NewBuffer(o.rejectedBytes()), dedup: dedup.NewIndex(o.maxRecent), index: eventindex.New(max(1, o.maxRecent/8)), rows: rowcache.New(o.maxRecent),
		statements: newStatements(), flush: time.NewTimer(time.Hour), prune: time.NewTimer(0),
		tick:    time.NewTicker(lookEvery),
		copier:  worker.New(conn.Source(file, conn.ReadWrite, o.BusyTimeout) + durable),
		learner: worker.New(conn.Source(file, conn.ReadOnly, o.BusyTimeout)),
	}
	w.flush.Stop()
	if o.prunes() || o.ClockJumped != nil {
		w.clock = aging.NewClock(o.Now, o.elapsed)
	}
	if !o.prunes() {
		w.prune.Stop()
	}
	if d.get() != nil {
		return w, nil
	}
	return w, w.connect(ctx)
}

// run stores what is queued, until the queue is closed.
func (w *writer) run() {
	defer close(w.done)
	look := w.startClock()
	defer look.Stop()
	w.warm()
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
		case <-w.tick.C:
			w.look()
		case err := <-w.copier.Done():
			if err := w.endCopy(err); err != nil {
				_ = w.failed(err)
			}
		case err := <-w.learner.Done():
			w.endLearning(err)
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

// warm reads what the writer has in memory of the store before the first delivery comes. An
// error of that comes again with the delivery.
func (w *writer) warm() {
	if w.conn == nil {
		return
	}
	if _, err := w.conn.Run(beginReading); err != nil {
		return
	}
	if err := w.reload(context.Background()); err != nil {
		w.version = unknown
	}
	_, _ = w.conn.Run(rollback)
}

// wait waits for the end of run.
func (w *writer) wait() error {
	<-w.done
	w.flush.Stop()
	w.prune.Stop()
	w.tick.Stop()
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
	if len(requests) == 0 && rejects.Empty() {
		return
	}
	w.checkClock()
	w.batches++
	began := time.Now()
	err := w.commit(
		func(t *counters) error { return w.addBatch(t, requests) },
		func(*counters) error { return w.changeCheckpoints(requests) },
		func(t *counters) error { return w.addRejected(t, rejects) },
	)
	if err != nil {
		err = w.failed(err)
	}
	if !rejects.Empty() {
		w.planFlush(rejects, err, time.Since(began))
	}
	if err == nil {
		if len(w.records) > 0 {
			w.tail.Add(w.before, w.records)
		}
		w.stored(w.counters.state())
	}
	clear(w.records)
	w.records = w.records[:0]
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

// connect opens a connection unless one is open. SQLite keeps the locks of a process until its last
// connection is closed: one that the system once did not release would lock the store for ever. So
// if the store was locked, all connections are closed before.
func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	if w.guard != nil { // it was connected before
		if err := w.checkFiles(); err != nil {
			return err
		}
	}
	if w.locked && w.reopen != nil {
		if err := w.reopen(); err != nil {
			return err
		}
	}
	c, err := openWriter(ctx, w.file, w.options)
	if err != nil {
		return err
	}
	if w.guard == nil {
		if w.guard, err = guard.New(w.file, guard.Options{Marks: w.damage.marks, Shared: w.options.Replicated}); err != nil {
			return errors.Join(err, c.Close())
		}
	}
	w.conn, w.version, w.minute = c, unknown, unknown
	return nil
}

// failed explains the error of a transaction, and closes the connection.
func (w *writer) failed(err error) error {
	err = w.damage.check(explain(w.file, "write to it", err))
	w.locked = errors.Is(err, ErrLocked) || w.locked && w.conn == nil
	if w.guard != nil {
		w.guard.Failed()
	}
	if w.incomplete || w.damage.get() != nil {
		return err
	}
	return errors.Join(err, w.disconnect())
}

// disconnect closes the connection after a failure, which rolls back. The next batch
// opens another one, and so does not depend on what SQLite did before the failure.
func (w *writer) disconnect() error {
	if w.conn == nil {
		return nil
	}
	err := errors.Join(w.stopWorkers(), w.guard.Closing(w.conn.Close))
	w.conn = nil
	w.dedup.Clear()
	w.index.Clear()
	w.rows.Clear()
	w.statements.clear()
	return err
}

// close closes the connection. The last connection to a store copies the write-ahead
// log into the file, and removes the log. If all is in order then, the store needs no mark any
// more. The guard has both open, and Windows removes no file that is open.
func (w *writer) close() error {
	if w.conn == nil {
		return nil
	}
	stopped := w.stopWorkers()
	checked := w.guard.BeforeCheckpoint()
	err := errors.Join(stopped, w.guard.Close(), w.disconnect())
	if err == nil && w.damage.marks && w.damage.get() == nil && !errors.Is(checked, guard.ErrMoved) {
		err = guard.RemoveOwnMark(w.file)
	}
	return err
}

// closeDamaged closes the connection to a damaged store. It is called while there are
// other connections, so that SQLite leaves the write-ahead log as it is.
func (w *writer) closeDamaged() error {
	if w.conn == nil {
		return nil
	}
	stopped := w.stopWorkers()
	_ = w.damage.check(explain(w.file, "close it", w.guard.BeforeCheckpoint()))
	if w.damage.get() == nil {
		return stopped
	}
	return errors.Join(stopped, w.disconnect(), w.guard.Close())
}

// checkFiles checks that nobody else has changed the file and its write-ahead log. SQLite
// would write on without an error.
//
// If the log is gone, the writer keeps its connection: only this connection still has
// the log, and it copies the log into the file when it is closed. Until the log is back,
// nothing is stored.
func (w *writer) checkFiles() error {
	err := w.guard.Check()
	w.incomplete = errors.Is(err, guard.ErrIncomplete)
	return err
}

// lookEvery is how often the writer looks at its files, besides the look before each
// transaction.
const lookEvery = time.Second

// look checks the files, also while there is nothing to write.
func (w *writer) look() {
	if w.guard == nil || w.damage.get() != nil {
		return
	}
	err := w.checkFiles()
	if err == nil {
		err = w.guard.Verify()
	}
	err = w.damage.check(explain(w.file, "look at it", err))
	gone := errors.Is(err, ErrMoved) || errors.Is(err, ErrIncomplete)
	if gone == w.missed || !gone && err != nil {
		return
	}
	w.missed = gone
	if w.options.OnMissing != nil {
		w.options.OnMissing(err)
	}
}

// learn has the keys of all messages read, with which dedup need not search for new ones. It
// is called in a transaction that has changed nothing yet.
func (w *writer) learn() error {
	if err := w.learner.Stop(); err != nil { // its keys are not all any more
		return err
	}
	w.readKeys(false)
	return nil
}

// readKeys begins to read them. again says that this connection of the writer had it done before.
func (w *writer) readKeys(again bool) {
	w.unread = again
	w.learner.Start(func(ctx context.Context, c *conn.Conn) (err error) {
		if w.options.reading != nil {
			if err := w.options.reading(ctx); err != nil {
				return err
			}
		}
		w.learned, err = w.dedup.ReadKeys(ctx, c)
		return err
	})
}

func (w *writer) endLearning(err error) {
	w.learner.Ended()
	learned, again := w.learned, w.unread
	w.learned = nil
	switch {
	case err == nil && !again:
		w.dedup.Know(learned)
	case err == nil:
		w.version = unknown // there are newer ones by now: the next transaction has all read
	}
	// Without them each message is searched for.
	err = errors.Join(err, w.learner.Stop())
	switch {
	case err == nil:
	case w.checkFiles() != nil: // without its log the file looks damaged; the next look says what is missing
	case !again: // perhaps the log was away for a moment
		w.readKeys(true)
	default:
		_ = w.damage.check(explain(w.file, "read the keys of its messages", err))
	}
}

// stopWorkers stops what is done beside the writer.
func (w *writer) stopWorkers() error {
	busy := w.copier.Busy()
	err := w.guard.Closing(w.copier.Stop)
	if busy {
		_ = w.guard.AfterCheckpoint() // the next check finds what is wrong
	}
	w.copied = 0
	return errors.Join(err, w.learner.Stop())
}
