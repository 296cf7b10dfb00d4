package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
)

// Log is a receiver.Log in a file. It is safe for concurrent use.
type Log struct {
	file    string
	options Options
	writer  *writer // nil in a viewer
	reader  *reader
	watch   *watch

	// ended ends with Close.
	ended context.Context
	end   context.CancelFunc

	mu      sync.RWMutex
	closed  bool
	reading sync.WaitGroup

	closing  sync.Once
	closeErr error
}

var _ receiver.Log = (*Log)(nil)

// Open opens the store in a file. It makes the file and its folder where there
// are none, for their owner only; an existing file that is no store, or that a
// newer version wrote, is refused and not touched. ctx bounds the opening only.
// Its error is an [Error] where it can be named. The caller closes the Log.
func Open(ctx context.Context, file string, o Options) (*Log, error) {
	o = o.withDefaults()
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", file, err)
	}
	if err := prepare(ctx, path, o); err != nil {
		return nil, err
	}
	l := &Log{file: path, options: o}
	if !o.ReadOnly {
		if l.writer, err = newWriter(ctx, path, o); err != nil {
			return nil, err
		}
	}
	if err := l.openReader(ctx); err != nil {
		if l.writer != nil {
			err = errors.Join(err, l.writer.conn.close())
		}
		return nil, err
	}
	l.ended, l.end = context.WithCancel(context.Background())
	if l.writer != nil {
		l.writer.stored = l.watch.saw
		go l.writer.work()
	}
	return l, nil
}

func (l *Log) openReader(ctx context.Context) (err error) {
	if l.reader, err = newReader(ctx, l.file, l.options); err != nil {
		return err
	}
	if l.watch, err = newWatch(ctx, l.file, l.options); err != nil {
		return errors.Join(err, l.reader.close())
	}
	return nil
}

// File is the absolute path of the store.
func (l *Log) File() string { return l.file }

// Size is what the store takes on disk, in bytes, with what is not yet folded
// into its main file.
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

// Append implements receiver.Log. It fails at once with receiver.ErrBusy where
// too much is queued, and with an [Error] where the store can't be written;
// later calls try again. The writer may look at e until Append returns, or
// where ctx ends before, a little longer.
func (l *Log) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	r, err := newRequest(e)
	if err != nil {
		return receiver.Receipt{}, err
	}
	if err := l.store(ctx, r); err != nil {
		return receiver.Receipt{}, err
	}
	return r.entries[0].receipt, nil
}

// AppendAll stores events as Append does, all or none of them, in one
// transaction: for a history that is brought in as a whole. A few thousand at a
// time are quickest.
func (l *Log) AppendAll(ctx context.Context, events []*receiver.Event) ([]receiver.Receipt, error) {
	r, err := newRequest(events...)
	if err != nil {
		return nil, err
	}
	if err := l.store(ctx, r); err != nil {
		return nil, err
	}
	receipts := make([]receiver.Receipt, len(events))
	for i := range receipts {
		receipts[i] = r.entries[i].receipt
	}
	return receipts, nil
}

// store hands the request to the writer and waits for its end.
func (l *Log) store(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write to the store: %w", err)
	}
	if err := l.send(r); err != nil {
		return err
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return fmt.Errorf("write to the store, not known whether it was done: %w", ctx.Err())
	}
}

func (l *Log) send(r *request) error {
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

// Reject implements receiver.Log. Of a body, the first 64 KiB are kept. What a
// viewer is told of is forgotten.
func (l *Log) Reject(e *receiver.Event) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.writer != nil && !l.closed {
		l.writer.rejects.add(e, l.options.Now)
	}
}

// Close implements receiver.Log: what is queued is stored, then readers and
// waiters end with receiver.ErrClosed. It may be called more than once.
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
			err = l.writer.wait()
		}
		l.end()
		l.reading.Wait()
		l.closeErr = explain(l.file, "close it", errors.Join(err, l.watch.close(), l.reader.close()))
		if l.writer != nil {
			// The writer goes last: the last connection that may write folds the
			// write-ahead log into the store.
			l.closeErr = errors.Join(l.closeErr, explain(l.file, "close it", l.writer.close()))
		}
	})
	return l.closeErr
}

// enter begins a read: the context ends with the caller's and with the log's.
// The caller calls leave.
func (l *Log) enter(ctx context.Context) (_ context.Context, leave func(), err error) {
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

// readError is the error of a read as its caller may tell it apart: his
// context's, ErrClosed or the store's.
func (l *Log) readError(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case l.ended.Err() != nil:
		return receiver.ErrClosed
	default:
		return explain(l.file, doing, err)
	}
}
