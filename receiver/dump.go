package receiver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// dumpPath is where the old collector showed all deliveries.
const dumpPath = "/dump-webhooks"

const (
	// dumpTimeout is how long a client may take to read a page.
	dumpTimeout = 30 * time.Second
)

// errEnding breaks off a dump: the end of the receiver does not wait for its reader.
const errEnding Error = "the receiver ends"

// dump answers with the bodies of all stored events in the order of their arrival, one
// on a line, and their number on the last line. It needs the configured credentials:
// the old collector showed them to everybody.
type dump struct {
	log   Reader
	basic *credentials
	owner *ownerLog
}

func (d *dump) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	known, _ := d.basic.check(r)
	switch {
	case d.basic == nil:
		answerNoPassword.write(w)
		return
	case !known:
		d.owner.warn("refused to show the stored deliveries: wrong credentials", "from", r.RemoteAddr)
		w.Header().Set("WWW-Authenticate", `Basic realm="stored deliveries"`)
		answerUnauthorized.write(w)
		return
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		answerMethod.write(w)
		return
	}
	counts, err := d.log.Counts(r.Context())
	if err != nil {
		d.owner.warn("can't show the stored deliveries", "error", err)
		answerNotRead.write(w)
		return
	}
	// Events that arrive meanwhile are left out: on a busy store the dump would never end.
	if err := d.write(w, r, counts.LastSeq); err != nil && r.Context().Err() == nil {
		d.owner.warn("the dump of the stored deliveries broke off", "error", err)
		// Break the connection, so that the client does not take a part for everything.
		panic(http.ErrAbortHandler)
	}
}

// write writes the events up to last, one page at a time.
func (d *dump) write(w http.ResponseWriter, r *http.Request, last int64) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	control, out := http.NewResponseController(w), bufio.NewWriter(w)
	var number int64
	for page, err := range PagesInTime(r.Context(), d.log, EventQuery{Before: last + 1, Oldest: true}) {
		if err != nil {
			return fmt.Errorf("read the store: %w", err)
		}
		err = control.SetWriteDeadline(time.Now().Add(dumpTimeout))
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		for _, e := range page {
			if rec := recorderOf(r); rec != nil && rec.Ending() {
				return errEnding
			}
			if err := writeOneLine(out, e.Raw); err != nil {
				return err
			}
		}
		number += int64(len(page))
	}
	fmt.Fprintf(out, "{\"number_webhooks_received\": %d}\n", number)
	return out.Flush()
}

// writeOneLine writes a body as it came, without the line ends between its tokens.
func writeOneLine(out *bufio.Writer, body []byte) error {
	if bytes.ContainsAny(body, "\r\n") {
		var line bytes.Buffer
		if err := json.Compact(&line, body); err != nil {
			return fmt.Errorf("compact a stored body: %w", err)
		}
		body = line.Bytes()
	}
	_, err := out.Write(body)
	return errors.Join(err, out.WriteByte('\n'))
}
