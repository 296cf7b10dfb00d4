package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/up42/up42-webhooks/receiver"
)

// ImportResult says what came of an import.
type ImportResult struct {
	// Events were stored, Duplicates were there already.
	Events, Duplicates int64
	// Rejected deliveries were stored.
	Rejected int64
	// Skipped counts what was left out, since the store held something already:
	// rejected deliveries, readers' progress and failures, and what is known of
	// events that were deleted.
	Skipped int64
}

// Import takes in what [Log.Export] wrote. Where there is no store yet, or an
// empty one, it becomes what was exported, bit for bit, and only once all of it
// is there. Into any other store go the events that it does not have, after its
// own and with places of their own; repeated after a failure, that goes on.
//
// The caller has seen to it that nobody else has the store open for writing.
func Import(ctx context.Context, file string, r io.Reader) (ImportResult, error) {
	empty, err := isEmpty(ctx, file)
	if err != nil {
		return ImportResult{}, err
	}
	in := newImportLines(r)
	if err := in.header(); err != nil {
		return ImportResult{}, err
	}
	if empty {
		return restore(ctx, file, in)
	}
	return merge(ctx, file, in)
}

// isEmpty says whether nothing ever came into a store, or whether there is none.
func isEmpty(ctx context.Context, file string) (empty bool, err error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return true, nil
	}
	l, err := Open(ctx, file, Options{})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	i, err := l.Info(ctx)
	return i.LastSeq == 0 && i.Rejected == 0 && len(i.Readers) == 0, err
}

// maxImportLine is the longest line that is taken, in bytes.
const maxImportLine = 256 << 20

// importLines reads the lines of an export.
type importLines struct {
	s *bufio.Scanner
	n int
	// rows is set where the export tells the rows, and the events do not.
	rows bool
}

func newImportLines(r io.Reader) *importLines {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 1<<16), maxImportLine)
	return &importLines{s: s}
}

// next is the next line, nil at the end.
func (in *importLines) next() (*exportLine, error) {
	if !in.s.Scan() {
		if err := in.s.Err(); err != nil {
			return nil, fmt.Errorf("read the import after line %d: %w", in.n, err)
		}
		return nil, nil
	}
	in.n++
	var l exportLine
	d := json.NewDecoder(bytes.NewReader(in.s.Bytes()))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return nil, in.wrong(err)
	}
	return &l, nil
}

// wrong says of what line an error is.
func (in *importLines) wrong(err error) error { return fmt.Errorf("import, line %d: %w", in.n, err) }

func (in *importLines) header() error {
	l, err := in.next()
	switch {
	case l == nil && err == nil, err == nil && l.Format != exportName, err != nil && in.n == 1:
		return errors.New("import: this is no export of a store: make one with: up42hooks store export")
	case err != nil:
		return err
	case l.Version > exportVersion:
		return errors.New("import: a newer version of up42hooks exported this: install that version")
	}
	in.rows = l.Rows
	return nil
}

var errCutShort = errors.New("import: this is only a part of an export, its end is missing")

// merge appends the events of an export to a store that has some.
func merge(ctx context.Context, file string, in *importLines) (_ ImportResult, err error) {
	l, err := Open(ctx, file, Options{})
	if err != nil {
		return ImportResult{}, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	m := merging{log: l}
	for whole := false; ; {
		line, err := in.next()
		switch {
		case err != nil:
			return m.done, err
		case line == nil && !whole:
			return m.done, errors.Join(m.flush(ctx), errCutShort)
		case line == nil:
			return m.done, m.flush(ctx)
		}
		whole = line.Counters != nil
		if err := m.take(ctx, line); err != nil {
			return m.done, in.wrong(err)
		}
	}
}

// merging is an import into a store that has something.
type merging struct {
	log    *Log
	done   ImportResult
	events []*receiver.Event
	size   int
}

func (m *merging) take(ctx context.Context, l *exportLine) error {
	if l.Event == nil {
		if l.Counters == nil {
			m.done.Skipped++
		}
		return nil
	}
	e, err := l.Event.event()
	if err != nil {
		return err
	}
	m.events, m.size = append(m.events, e), m.size+len(e.Raw)
	if len(m.events) < importChunk && m.size < maxBatchBytes {
		return nil
	}
	return m.flush(ctx)
}

func (m *merging) flush(ctx context.Context) error {
	receipts, err := m.log.AppendAll(ctx, m.events)
	for _, r := range receipts {
		if r.Duplicate {
			m.done.Duplicates++
		} else {
			m.done.Events++
		}
	}
	m.events, m.size = nil, 0
	return err
}
