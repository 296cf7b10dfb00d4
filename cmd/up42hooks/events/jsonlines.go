package events

import (
	"io"

	"github.com/up42/up42-webhooks/receiver"
)

// writeBytes is how many bytes are written at a time, or a longer line.
const writeBytes = 64 << 10

// JSONLines returns a function that prints events as JSON lines. It writes whole lines,
// and all of a page before it returns.
func JSONLines(out io.Writer) func([]*receiver.Event) error {
	var buf []byte
	return func(page []*receiver.Event) error {
		buf = buf[:0]
		var err error
		for _, e := range page {
			if buf, err = receiver.AppendJSONLine(buf, e); err != nil {
				return err
			}
			if len(buf) < writeBytes {
				continue
			}
			if _, err = out.Write(buf); err != nil {
				return err
			}
			if buf = buf[:0]; cap(buf) > 2*writeBytes {
				buf = nil // of a long line
			}
		}
		_, err = out.Write(buf)
		return err
	}
}
