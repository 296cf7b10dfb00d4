package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite/checks"
)

// ErrIncomplete says that the last line of an export is missing.
var ErrIncomplete = errors.New("import: this is only a part of an export, its end is missing")

const (
	// maxLine is the longest line that a Reader takes, in bytes.
	maxLine = 256 << 20
	// maxHeader is the longest first line. What has no lines, such as a device, is not read on.
	maxHeader = 64 << 10
)

// Reader reads the lines of an export.
type Reader struct {
	// HasRows says that the export has lines of rows, since its events do not make
	// all rows.
	HasRows bool
	// Earlier says that an earlier version exported this. It may have made other rows of
	// the same events, and stored events twice that are duplicates now.
	Earlier bool

	version int
	lines   *bufio.Scanner
	n       int
}

// NewReader reads the first line of an export.
func NewReader(r io.Reader) (*Reader, error) {
	begin := bufio.NewReaderSize(r, maxHeader)
	header, err := begin.Peek(maxHeader)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the import: %w", err)
	}
	if err := foreign(header); err != nil {
		return nil, err
	}
	if len(header) == maxHeader && !bytes.Contains(header, []byte("\n")) {
		return nil, errForeign
	}
	if bytes.HasPrefix(header, []byte(utf8Mark)) {
		_, _ = begin.Discard(len(utf8Mark))
	}
	s := bufio.NewScanner(begin)
	s.Buffer(make([]byte, 1<<16), maxLine)
	in := &Reader{lines: s}
	return in, in.header()
}

func (in *Reader) header() error {
	l, err := in.Next()
	switch {
	case l == nil && err == nil, err == nil && l.Format != formatName, err != nil && in.n == 1:
		return errForeign
	case err != nil:
		return err
	case l.Version > formatVersion:
		return errors.New("import: a newer version of up42hooks exported this: install that version")
	}
	in.HasRows, in.Earlier, in.version = l.Rows, l.Version < formatVersion, l.Version
	return nil
}

// Next returns the next line, nil at the end.
func (in *Reader) Next() (*Line, error) {
	if !in.lines.Scan() {
		if err := in.lines.Err(); err != nil {
			return nil, fmt.Errorf("read the import after line %d: %w", in.n, err)
		}
		return nil, nil
	}
	in.n++
	l, err := decode(in.lines.Bytes())
	if err != nil {
		return nil, in.Wrap(explain(in.lines.Bytes(), err))
	}
	return l, nil
}

// Event returns the event of a line. Version 1 did not judge timestamps, so that an event
// may be dated years ahead, and its row would stay as it is until then.
func (in *Reader) Event(x *Event) (*receiver.Event, error) {
	e, err := x.Event()
	if err != nil {
		return nil, err
	}
	if wrong := checks.Event(e); wrong != "" {
		return nil, Unsound("event %d %s", e.Seq, wrong)
	}
	if in.version < 2 {
		e.Ahead = e.Timestamp.Sub(e.ReceivedAt) > signature.DefaultMaxFuture
	}
	return e, nil
}

// Wrap adds the number of the last line to an error.
func (in *Reader) Wrap(err error) error { return fmt.Errorf("import, line %d: %w", in.n, err) }
