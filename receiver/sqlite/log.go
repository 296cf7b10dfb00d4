package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/batch"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// Log is a receiver.Log in a file. It is safe for concurrent use.
type Log struct {
	file    string
	options Options
	writer  *writer // nil in a viewer
	reader  *reader
	watch   *watch
	damage  *damage // of a viewer: unused

	// ended ends with Close.
	ended context.Context
	end   context.CancelFunc

	mu      sync.RWMutex
	closed  bool
	reading sync.WaitGroup

	closing  sync.Once
	closeErr error
}

var (
	_ receiver.Log        = (*Log)(nil)
	_ receiver.Admissions = (*Log)(nil)
	_ receiver.Searcher   = (*Log)(nil)
	_ receiver.Placer     = (*Log)(nil)
)

// Open opens the store in a file. If the file or its folder does not exist, it makes
// them, for their owner only. It refuses a file that is not a store, or that another
// version wrote, and does not change it. A store that an earlier writer has found damaged
// can be read, but not written: see [Log.Damage]. ctx bounds the opening only. The error
// is an [Error] if it is known what is wrong. The caller closes the Log.
func Open(ctx context.Context, file string, o Options) (_ *Log, err error) {
	o = o.withDefaults()
	path, err := realFile(file)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil && o.ReadOnly {
			tidy(path, o)
			err = orMissing(path, err)
		}
	}()
	if err := prepare(ctx, path, o); err != nil {
		return nil, err
	}
	l := &Log{file: path, options: o, damage: &damage{file: path, marks: true, notice: o.OnDamage}}
	if !o.ReadOnly {
		if err := l.damage.inspect(ctx, o); err != nil {
			return nil, err
		}
		if l.writer, err = newWriter(ctx, path, o, l.damage); err != nil {
			return nil, err
		}
	}
	if err := l.openReader(ctx); err != nil {
		if l.writer != nil {
			err = errors.Join(err, l.writer.close())
		}
		return nil, err
	}
	l.ended, l.end = context.WithCancel(context.Background())
	if l.writer != nil {
		l.writer.stored, l.writer.reopen = l.watch.update, l.reopen
		go l.writer.run()
	}
	return l, nil
}

// orMissing returns the error of a reader's opening: if the file was removed meanwhile, SQLite says only
// that it can't be opened.
func orMissing(file string, err error) error {
	if _, gone := os.Stat(file); errors.Is(err, ErrDenied) && errors.Is(gone, fs.ErrNotExist) {
		return &Error{File: file, Failure: ErrMissing}
	}
	return err
}

// reopen closes the connections of all readers, and opens that of the watch again: if the last one of
// the process could write, SQLite would copy the write-ahead log into the file when it is closed, which
// the guard would take for another program's work.
func (l *Log) reopen() error { return l.reader.without(l.watch.reopen) }

func (l *Log) openReader(ctx context.Context) (err error) {
	if l.reader, err = newReader(ctx, l.file, l.options); err != nil {
		return err
	}
	if l.watch, err = newWatch(ctx, l.file, l.options); err != nil {
		return errors.Join(err, l.reader.close())
	}
	return nil
}

// File returns the absolute path of the store.
func (l *Log) File() string { return l.file }

// Damage returns why the store counts as damaged, nil if no damage was noticed. A damaged
// store takes no events until [Repair], also after a restart. The error is an [Error] with
// ErrDamaged. A viewer does not know of any damage.
func (l *Log) Damage() error { return l.damage.get() }

// Size returns how many bytes the store takes on disk, including the files beside it.
func (l *Log) Size() (int64, error) {
	var sum int64
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(l.file + suffix)
		switch {
		case err == nil:
			sum += info.Size()
		case suffix == "" || !errors.Is(err, os.ErrNotExist):
			return 0, explain(l.file, "look at its size", err)
		}
	}
	return sum, nil
}

// Append implements receiver.Log. It fails at once with receiver.ErrBusy if too much is
// queued, and with an [Error] if the store can't be written; later calls try again. The
// writer may read e until Append returns, or a little longer if ctx ends before.
func (l *Log) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	r, err := batch.NewRequest(e)
	if err != nil {
		return receiver.Receipt{}, err
	}
	if err := l.store(ctx, r); err != nil {
		return receiver.Receipt{}, err
	}
	return r.Entries[0].Receipt, nil
}

// AppendAll stores events as Append does, in one transaction: all of them or none. It is
// meant for importing a history: events that are stored already are not counted as
// duplicates. A few thousand events at a time are fastest.
func (l *Log) AppendAll(ctx context.Context, events []*receiver.Event) ([]receiver.Receipt, error) {
	r, err := batch.NewHistory(events...)
	if err != nil {
		return nil, err
	}
	if err := l.store(ctx, r); err != nil {
		return nil, err
	}
	return receipts(r), nil
}

// Admit implements receiver.Admissions. The event keeps the arrival of the rejected
// delivery, and gets the next sequence number. If its message is stored already, only the
// rejected delivery is deleted.
func (l *Log) Admit(ctx context.Context, events ...*receiver.Event) ([]receiver.Receipt, error) {
	r, err := batch.NewAdmission(events...)
	if err != nil {
		return nil, err
	}
	if err := l.store(ctx, r); err != nil {
		return nil, err
	}
	return receipts(r), nil
}

func receipts(r *batch.Request) []receiver.Receipt {
	all := make([]receiver.Receipt, len(r.Entries))
	for i := range all {
		all[i] = r.Entries[i].Receipt
	}
	return all
}

// store queues a request for the writer and waits until it is done.
func (l *Log) store(ctx context.Context, r *batch.Request) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write to the store: %w", err)
	}
	if err := l.enqueue(r); err != nil {
		return err
	}
	select {
	case <-r.Done:
		return r.Err
	case <-ctx.Done():
		return fmt.Errorf("write to the store, not known whether it was done: %w", ctx.Err())
	}
}

func (l *Log) enqueue(r *batch.Request) error {
	if l.writer == nil {
		return &Error{File: l.file, Failure: ErrViewer}
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return receiver.ErrClosed
	}
	select {
	case l.writer.queue <- r:
		return nil
	default:
		return receiver.ErrBusy
	}
}

// Reject implements receiver.Log. It keeps the first 64 KiB of a body. A viewer ignores
// the call.
func (l *Log) Reject(e *receiver.Event) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.writer != nil && !l.closed {
		l.writer.rejects.Add(e, codec.Received(e, l.options.Now))
	}
}

// CountUnmatched implements receiver.Log. A viewer ignores the call.
func (l *Log) CountUnmatched() {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.writer != nil && !l.closed {
		l.writer.rejects.CountUnmatched()
	}
}

// Close implements receiver.Log. It stores what is queued, then ends readers and waiters
// with receiver.ErrClosed. It may be called more than once.
func (l *Log) Close() error {
	l.closing.Do(func() {
		l.mu.Lock()
		l.closed = true
		if l.writer != nil {
			close(l.writer.queue)
		}
		l.mu.Unlock()
		var err error
		if l.writer != nil {
			err = errors.Join(l.writer.wait(), l.writer.closeDamaged())
		}
		l.end()
		l.reading.Wait()
		l.closeErr = explain(l.file, "close it", errors.Join(err, l.watch.close(), l.reader.close()))
		if l.writer == nil {
			tidy(l.file, l.options)
		} else {
			// The writer closes last: then no reader keeps it from copying the
			// write-ahead log into the file.
			l.closeErr = errors.Join(l.closeErr, explain(l.file, "close it", l.writer.close()))
		}
	})
	return l.closeErr
}

// Wait implements receiver.Reader. It returns at once after a change by this log, and
// within Options.Poll after a change by another process.
func (l *Log) Wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	v, err := l.watch.wait(read, seen)
	return v, l.readError(ctx, "wait for a change", err)
}

// beginRead returns the context of a read, which ends with the caller's and with the
// log. The caller calls end.
func (l *Log) beginRead(ctx context.Context) (_ context.Context, end func(), err error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return nil, nil, receiver.ErrClosed
	}
	l.reading.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(l.ended, cancel)
	return ctx, func() { stop(); cancel(); l.reading.Done() }, nil
}

// readError returns the error of a read as a caller can check it: the error of the
// caller's context, ErrClosed, or the error of the store.
func (l *Log) readError(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case l.ended.Err() != nil:
		return receiver.ErrClosed
	case l.writer != nil && (l.options.Replicated || !isShort(err)):
		return l.damage.check(explain(l.file, doing, err))
	default:
		return explain(l.file, doing, err)
	}
}
