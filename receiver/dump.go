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

// dumpPath is where the original collector showed all that it had (wire.md §6).
const dumpPath = "/dump-webhooks"

const (
	// dumpPage is how many events are in memory at a time; each may be as large
	// as a body is allowed to be.
	dumpPage = 32
	// dumpPatience is how long a reader may take for a page.
	dumpPatience = 30 * time.Second
)

// dump answers with the bodies of all stored events in the order of their
// arrival, one a line, then their number. It holds a page of them at a time,
// however large the store is. Who asks must know the password.
func (h *Handler) dump(w http.ResponseWriter, r *http.Request) {
	known, _ := h.basic.check(r)
	switch {
	case h.basic == nil:
		answerNoPassword.write(w)
		return
	case !known:
		h.notes.say("refused to show the stored deliveries: wrong credentials", "from", r.RemoteAddr)
		w.Header().Set("WWW-Authenticate", `Basic realm="stored deliveries"`)
		answerUnauthorized.write(w)
		return
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		answerMethod.write(w)
		return
	}
	counts, err := h.log.Counts(r.Context())
	if err != nil {
		h.notes.say("can't show the stored deliveries", "error", err)
		answerNotRead.write(w)
		return
	}
	// What comes while this is under way is not in it: on a busy store it would
	// never end.
	if err := h.dumpTo(w, r, counts.LastSeq); err != nil && r.Context().Err() == nil {
		h.notes.say("showing the stored deliveries ended early", "error", err)
		// A reader must not take a part for the whole.
		panic(http.ErrAbortHandler)
	}
}

func (h *Handler) dumpTo(w http.ResponseWriter, r *http.Request, last int64) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	control, out := http.NewResponseController(w), bufio.NewWriter(w)
	var number int64
	for after := int64(0); after < last; {
		page, err := h.log.Events(r.Context(), EventQuery{After: after, Before: last + 1, Limit: dumpPage, Oldest: true})
		if err != nil {
			return fmt.Errorf("read the store: %w", err)
		}
		if len(page) == 0 {
			break
		}
		err = control.SetWriteDeadline(time.Now().Add(dumpPatience))
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		for _, e := range page {
			if err := writeOneLine(out, e.Raw); err != nil {
				return err
			}
		}
		after, number = page[len(page)-1].Seq, number+int64(len(page))
	}
	fmt.Fprintf(out, "{\"number_webhooks_received\": %d}\n", number)
	return out.Flush()
}

// writeOneLine writes a body as it came, but for line ends between its tokens.
func writeOneLine(out *bufio.Writer, body []byte) error {
	if bytes.ContainsAny(body, "\r\n") {
		var line bytes.Buffer
		if err := json.Compact(&line, body); err != nil {
			return fmt.Errorf("a stored body: %w", err)
		}
		body = line.Bytes()
	}
	_, err := out.Write(body)
	return errors.Join(err, out.WriteByte('\n'))
}
