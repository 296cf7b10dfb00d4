// Package recorded records deliveries of a log into a file, without what is personal, and reads
// such a file.
package recorded

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
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

// Delivery is one line.
type Delivery struct {
	// At is the time since the first delivery, in milliseconds.
	At   int64           `json:"at"`
	Body json.RawMessage `json:"body"`
}

// After is the time since the first delivery.
func (d Delivery) After() time.Duration { return time.Duration(d.At) * time.Millisecond }

// Recording is what a file has.
type Recording struct {
	// Key is the secret that the deliveries are signed with. It was made for this recording.
	Key        client.Secret
	Deliveries []Delivery
	// Cut says that the file ends within a line.
	Cut bool
}

// Read reads a recording. Of one that was cut off it returns what is whole.
func Read(in io.Reader) (*Recording, error) {
	lines := bufio.NewReaderSize(in, maxLine)
	var h head
	first, whole, err := line(lines)
	if err != nil {
		return nil, err
	}
	switch wrong := json.Unmarshal(first, &h) != nil || h.Format != format; {
	case wrong && whole:
		return nil, errors.New("this is not a recording: its first line says nothing of up42hooks")
	case wrong:
		return nil, errors.New("this is not a recording, or it was cut off before its first delivery: record again")
	}
	if h.Version != version || h.Key == "" {
		return nil, fmt.Errorf("this recording has version %d, and this program reads version %d", h.Version, version)
	}
	r := &Recording{Key: client.Secret(h.Key), Cut: !whole}
	for n := 2; ; n++ {
		text, whole, err := line(lines)
		switch {
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", n, err)
		case len(text) == 0 && !whole:
			return r, nil
		}
		var d Delivery
		err = json.Unmarshal(text, &d)
		switch {
		case err != nil && !whole:
			r.Cut = true
			return r, nil
		case err != nil:
			return nil, fmt.Errorf("line %d: it is no delivery: %w", n, err)
		case d.At < 0 || d.At > int64(math.MaxInt64/time.Millisecond) || len(d.Body) == 0:
			return nil, fmt.Errorf("line %d: it is no delivery: it needs at and body", n)
		}
		r.Deliveries = append(r.Deliveries, d)
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
