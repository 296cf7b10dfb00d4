package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"time"
)

// writer is the one goroutine that writes, and all that only it may touch.
type writer struct {
	file    string
	logFile string // SQLite's write-ahead log
	options Options
	queue   chan *request
	rejects *rejects
	done    chan struct{}
	// stored is told of each state of the store that was committed.
	stored func(state)

	conn     *conn // nil after a failure, until the next attempt
	opened   inode
	log      inode // the write-ahead log, zero until the first commit
	torn     bool  // the log was taken away, or the file emptied
	version  int64 // the store's data version when messages, board and total were read
	total    totals
	minute   int64 // the last that is in the store's table of minutes
	messages *messages
	board    *board
	sql      *statements

	// Working memory of a batch.
	gatherer gatherer
	batch    []*request
	events   []admitted

	// Rejections are next written at flushAt; flush fires then.
	flushAt time.Time
	flush   *time.Timer
	// Retention looks again when prune fires; without retention it never does.
	prune *time.Timer
}

// unknown is no data version and no minute.
const unknown = math.MinInt64

func newWriter(ctx context.Context, file string, o Options) (*writer, error) {
	w := &writer{
		file: file, logFile: file + "-wal", options: o, queue: make(chan *request, o.Queue), rejects: newRejects(), done: make(chan struct{}),
		board: newBoard(max(1, o.maxRecent/4)), sql: newStatements(), messages: newMessages(o.maxRecent), flush: time.NewTimer(time.Hour), prune: time.NewTimer(0),
	}
	w.flush.Stop()
	if !o.prunes() {
		w.prune.Stop()
	}
	return w, w.connect(ctx)
}

// work stores what is queued, until the queue is closed.
func (w *writer) work() {
	defer close(w.done)
	for {
		select {
		case r, ok := <-w.queue:
			if !ok {
				w.store(nil, w.rejects.take())
				return
			}
			w.batch = w.gatherer.gather(w.batch, r, w.queue)
			w.store(w.batch, w.due())
			clear(w.batch)
		case <-w.rejects.wake:
			w.flush.Reset(time.Until(w.flushAt))
		case <-w.flush.C:
			w.store(nil, w.due())
		case <-w.prune.C:
			w.prune.Reset(w.pruneSome())
		}
	}
}

// wait waits for the end of work.
func (w *writer) wait() error {
	<-w.done
	w.flush.Stop()
	w.prune.Stop()
	if p := w.rejects.take(); p.counted > 0 {
		return errors.New("the last rejected deliveries could not be stored")
	}
	return nil
}

// due are the rejections, where it is time to write them.
func (w *writer) due() rejections {
	if time.Now().Before(w.flushAt) {
		return rejections{}
	}
	return w.rejects.take()
}

// store decides a batch, and writes rejections along with it.
func (w *writer) store(batch []*request, rejected rejections) {
	if len(batch) == 0 && rejected.counted == 0 {
		return
	}
	began := time.Now()
	err := w.commit(
		func(t *totals) error { return w.addBatch(t, batch) },
		func(*totals) error { return w.changeLedger(batch) },
		func(t *totals) error { return w.addRejected(t, rejected) },
	)
	if err != nil {
		err = explain(w.file, "write to it", errors.Join(err, w.drop()))
	}
	if rejected.counted > 0 {
		w.settle(rejected, err, time.Since(began))
	}
	if err == nil {
		w.stored(w.total.state())
	}
	w.gatherer.note(len(batch), len(w.queue), time.Since(began))
	for _, r := range batch {
		r.err = err
		close(r.done)
	}
}

// settle plans the next writing of rejections. A flood of them gets at most a
// twentieth of the writer's time.
func (w *writer) settle(rejected rejections, err error, took time.Duration) {
	pause := max(100*time.Millisecond, 20*took)
	if err != nil {
		pause = time.Second
		w.rejects.putBack(rejected)
		w.flush.Reset(pause)
	}
	w.flushAt = time.Now().Add(pause)
}

// connect opens a connection where there is none.
func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	c, err := openWriter(ctx, w.file, w.options)
	if err != nil {
		return err
	}
	if w.opened, _, err = lookAt(w.file); err != nil {
		return errors.Join(err, c.close())
	}
	w.conn, w.version, w.minute, w.log = c, unknown, unknown, inode{}
	return nil
}

// drop closes a connection that failed, which rolls back: nothing that SQLite
// may have left half done is carried on from. The next batch opens another.
func (w *writer) drop() error {
	if w.conn == nil || w.torn {
		return nil
	}
	err := w.conn.close()
	w.conn = nil
	w.board.clear()
	w.sql.clear()
	return err
}

func (w *writer) close() error {
	w.torn = false
	return w.drop()
}

// present makes sure that the file and its write-ahead log still have their
// names, and that nobody emptied the file: SQLite would go on writing without a
// word.
//
// A store that is torn apart is no reason to connect anew: this connection alone
// still has the log, and brings it into the file when it is closed, last of all.
// Until it is whole again nothing is taken.
func (w *writer) present() error {
	w.torn = false
	file, size, err := lookAt(w.file)
	if err != nil || file != w.opened {
		return ErrMoved
	}
	if w.log == (inode{}) {
		return nil
	}
	log, _, err := lookAt(w.logFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if w.torn = err != nil || log != w.log || size == 0; w.torn {
		return ErrIncomplete
	}
	return nil
}

// noteLog notes which log present looks for, once there is one.
func (w *writer) noteLog() {
	if w.log == (inode{}) {
		w.log, _, _ = lookAt(w.logFile) // the next commit asks again
	}
}
