package events

import (
	"io"

	"github.com/up42/up42-webhooks/receiver"
)

// JSONLines returns a function that prints events as JSON lines. It writes each
// page with one call of Write.
func JSONLines(out io.Writer) func([]*receiver.Event) error {
	var buf []byte
	return func(page []*receiver.Event) error {
		buf = buf[:0]
		var err error
		for _, e := range page {
			if buf, err = receiver.AppendJSONLine(buf, e); err != nil {
				return err
			}
		}
		_, err = out.Write(buf)
		return err
	}
}
