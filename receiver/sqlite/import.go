package sqlite

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

// A transaction of an import ends after importChunk lines, or once its bodies have importBytes.
const (
	importChunk = 4000
	importBytes = 4 << 20
)

// ImportResult says what an import did.
type ImportResult struct {
	// Events is how many events were stored. Duplicates is how many the store had
	// already.
	Events, Duplicates int64
	// Rejected is how many rejected deliveries were stored.
	Rejected int64
	// Skipped is how many other things were not imported, since the store was not
	// empty: rejected deliveries, checkpoints, failures, jumps of the clock, and messages
	// and rows of deleted events.
	Skipped int64
}

// Import imports what [Log.Export] wrote. If the store is empty or does not exist, it
// becomes what was exported, bit for bit, and only when all of the export is there.
// Otherwise Import appends the events that the store does not have, with new sequence
// numbers. If that fails, a second call continues.
//
// The caller makes sure that nobody else has the store open for writing.
func Import(ctx context.Context, file string, r io.Reader) (ImportResult, error) {
	file, err := realFile(file)
	if err != nil {
		return ImportResult{}, err
	}
	empty, err := isEmpty(ctx, file)
	if err != nil {
		return ImportResult{}, err
	}
	in, err := exchange.NewReader(r)
	if err != nil {
		return ImportResult{}, err
	}
	if empty {
		return restore(ctx, file, in)
	}
	return merge(ctx, file, in)
}

// isEmpty reports whether a store does not exist, or has never stored anything.
func isEmpty(ctx context.Context, file string) (empty bool, err error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return true, checkEmpty(file)
	}
	l, err := Open(ctx, file, Options{})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	i, err := l.Info(ctx)
	return i.LastSeq == 0 && i.Rejected == 0 && len(i.Readers) == 0, err
}

// merge appends the events of an export to a store that is not empty.
func merge(ctx context.Context, file string, in *exchange.Reader) (_ ImportResult, err error) {
	l, err := Open(ctx, file, Options{})
	if err != nil {
		return ImportResult{}, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	m := merging{log: l, in: in}
	for complete := false; ; {
		line, err := in.Next()
		switch {
		case err != nil:
			return m.result, err
		case line == nil && !complete:
			return m.result, errors.Join(m.flush(ctx), exchange.ErrIncomplete)
		case line == nil:
			return m.result, m.flush(ctx)
		}
		complete = line.Counters != nil
		if err := m.add(ctx, line); err != nil {
			return m.result, in.Wrap(err)
		}
	}
}

// merging is an import into a store that is not empty.
type merging struct {
	log    *Log
	in     *exchange.Reader
	result ImportResult
	events []*receiver.Event // not stored yet
	size   int               // of their bodies
}

func (m *merging) add(ctx context.Context, l *exchange.Line) error {
	if l.Event == nil {
		if l.Counters == nil {
			m.result.Skipped++
		}
		return nil
	}
	e, err := m.in.Event(l.Event)
	if err != nil {
		return err
	}
	// They may be the numbers of other deliveries here.
	e.Rejection, e.ConflictsWith = 0, 0
	m.events, m.size = append(m.events, e), m.size+len(e.Raw)
	if len(m.events) < importChunk && m.size < importBytes {
		return nil
	}
	return m.flush(ctx)
}

func (m *merging) flush(ctx context.Context) error {
	receipts, err := m.log.AppendAll(ctx, m.events)
	for _, r := range receipts {
		if r.Duplicate {
			m.result.Duplicates++
		} else {
			m.result.Events++
		}
	}
	m.events, m.size = nil, 0
	return err
}
