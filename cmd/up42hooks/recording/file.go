// Package recording has the commands that record deliveries into a file, without what is
// personal, and play such a file into a receiver.
package recording

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/up42/up42-webhooks/client"
)

// version is that of the format: JSON lines, a head and then a delivery a line.
const version = 1

// maxLine is the longest line that is read, in bytes.
const maxLine = 16 << 20

// head is the first line of a recording.
type head struct {
	Format  string `json:"up42hooks"`
	Version int    `json:"version"`
	// Key is the secret that the deliveries are signed with. It was made for this recording.
	Key string `json:"key"`
}

const format = "recording"

// delivery is one line.
type delivery struct {
	// At is the time since the first delivery, in milliseconds.
	At   int64           `json:"at"`
	Body json.RawMessage `json:"body"`
}

// after is the time since the first delivery.
func (d delivery) after() time.Duration { return time.Duration(d.At) * time.Millisecond }

// recorded is what a file has.
type recorded struct {
	key        client.Secret
	deliveries []delivery
	// cut says that the file ends within a line.
	cut bool
}

// read reads a recording. Of one that was cut off it returns what is whole.
func read(in io.Reader) (*recorded, error) {
	lines := bufio.NewReaderSize(in, maxLine)
	var h head
	first, whole, err := line(lines)
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(first, &h) != nil || h.Format != format {
		return nil, errors.New("this is not a recording: its first line says nothing of up42hooks")
	}
	if h.Version != version || h.Key == "" {
		return nil, fmt.Errorf("this recording has version %d, and this program reads version %d", h.Version, version)
	}
	r := &recorded{key: client.Secret(h.Key), cut: !whole}
	for n := 2; ; n++ {
		text, whole, err := line(lines)
		switch {
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", n, err)
		case len(text) == 0 && !whole:
			return r, nil
		}
		var d delivery
		err = json.Unmarshal(text, &d)
		switch {
		case err != nil && !whole:
			r.cut = true
			return r, nil
		case err != nil:
			return nil, fmt.Errorf("line %d: it is no delivery: %w", n, err)
		case d.At < 0 || len(d.Body) == 0:
			return nil, fmt.Errorf("line %d: it is no delivery: it needs at and body", n)
		}
		r.deliveries = append(r.deliveries, d)
	}
}

// line reads a line. whole is false at the end of the file.
func line(r *bufio.Reader) (text []byte, whole bool, err error) {
	text, err = r.ReadSlice('\n')
	switch {
	case err == nil:
		return text[:len(text)-1], true, nil
	case errors.Is(err, io.EOF):
		return text, false, nil
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, false, fmt.Errorf("it is longer than %d MB", maxLine>>20)
	default:
		return nil, false, fmt.Errorf("read the recording: %w", err)
	}
}

// writer writes a recording.
type writer struct {
	out   *json.Encoder
	first time.Time
	n     int
}

// newWriter writes the head.
func newWriter(out io.Writer, key client.Secret) (*writer, error) {
	w := &writer{out: json.NewEncoder(out)}
	return w, w.out.Encode(head{format, version, key.Reveal()})
}

// add writes a delivery that came at a time.
func (w *writer) add(at time.Time, body []byte) error {
	if w.n == 0 {
		w.first = at
	}
	w.n++
	return w.out.Encode(delivery{max(0, at.Sub(w.first).Milliseconds()), body})
}
