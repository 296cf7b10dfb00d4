package exchange

import (
	"bufio"
	"fmt"
	"io"

	"github.com/up42/up42-webhooks/receiver"
)

// Writer writes the lines of an export.
type Writer struct {
	out  *bufio.Writer
	line []byte
}

// NewWriter makes a writer. The caller calls Flush at the end.
func NewWriter(w io.Writer) *Writer { return &Writer{out: bufio.NewWriterSize(w, 1<<16)} }

// Begin writes the first line. rows says that the export has lines of rows.
func (x *Writer) Begin(rows bool) error {
	return x.Put(Line{Format: formatName, Version: formatVersion, Rows: rows})
}

// Put writes a line.
func (x *Writer) Put(l Line) (err error) {
	if x.line, err = receiver.AppendJSONLine(x.line[:0], l); err != nil {
		return err
	}
	if _, err = x.out.Write(x.line); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}

// Flush writes what is buffered.
func (x *Writer) Flush() error {
	if err := x.out.Flush(); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}
