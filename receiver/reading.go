package receiver

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// Bounds of the body of an accepted head.
const (
	// smallBody is the size up to which a body needs no part of the shared memory. A
	// delivery of UP42 has about 1 KB.
	smallBody = 8 << 10
	// Each bodyStep bytes of a body, or its last ones, must come within stepTime.
	bodyStep = 2 << 10
	stepTime = 2 * time.Second
	// memoryWait is how long a large body waits for its part of the memory.
	memoryWait = 5 * time.Second
)

// Bounds of the body of a head that is not accepted: what is on its way already is read
// before the answer, but not a part of a large body. After the answer as much again is
// read, see [limit.Closing].
const (
	politeBody = 64 << 10
	// politeMemory is how much is read of such bodies at a time. Of more, only smallBody of
	// each is read.
	politeMemory = 512 << 10
	politeTime   = 100 * time.Millisecond
	pressedTime  = 5 * time.Millisecond // while others wait for a connection
)

// MemoryLimit returns the most memory in bytes that senders can make a Server and its
// Handler use, beside what they use anyway: each of its connections has a header block,
// once as it came and once parsed, buffers, and a small body; bodyMemory is that of
// HandlerOptions. A body is held in up to four forms until it is stored.
func MemoryLimit(conns int, bodyMemory int64) int64 {
	const forms, head = 4, 192 << 10
	return int64(conns)*(head+forms*smallBody) + forms*(politeMemory+bodyMemory)
}

// errBusy means that there is no room for a delivery now: its sender must try again.
const errBusy Error = "no room for the body"

// errSlow means that a body came too slowly. Its sender is genuine, and may try again.
const errSlow Error = "the body came too slowly"

// bodies reads bodies. It is safe for concurrent use.
type bodies struct {
	max     int64 // the largest body
	memory  *limit.Budget
	polite  *limit.Budget // for bodies that are not wanted
	onLimit func(l limit.Limit, from string)
}

// bodyReader reads the body of one request. Close it when the body is no longer used.
type bodyReader struct {
	*bodies
	request *http.Request
	conn    *recorder // nil if the request did not come through a Server
	taken   int64     // of the memory
	spared  int64     // of the polite memory
}

func (b *bodies) of(r *http.Request) *bodyReader {
	return &bodyReader{bodies: b, request: r, conn: recorderOf(r)}
}

func (b *bodyReader) close() {
	if b.taken > 0 {
		b.memory.GiveBack(b.taken)
	}
	if b.spared > 0 {
		b.polite.GiveBack(b.spared)
	}
}

// all reads the whole body. Its error is errBusy, errSlow or a Reason. With the latter two it
// also returns the part that came.
func (b *bodyReader) all() (body []byte, err error) {
	if !b.enter(limit.Body) {
		return nil, errBusy
	}
	body, err = b.read()
	switch {
	case !b.enter(limit.Busy):
		return nil, errBusy
	case err == nil:
		b.limitRead(time.Time{})
	case isTimeout(err) && b.conn != nil && b.conn.Ending():
		err = errBusy // the sender is not to blame
	case isTimeout(err):
		b.onLimit(limit.SlowBody, b.request.RemoteAddr)
		err = errSlow
	case err != errBusy && err != BodyTooLarge:
		err = BodyMalformed
	}
	return body, err
}

// read reads until the end. It allocates memory for what the sender announces only after
// it has taken that from the shared memory.
func (b *bodyReader) read() ([]byte, error) {
	length := b.request.ContentLength
	if length > smallBody {
		if err := b.take(length); err != nil {
			return nil, err
		}
	} else if length < 0 {
		length = 511
	}
	buf, next := make([]byte, 0, length+1), 0
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		if len(buf) >= next {
			b.limitRead(time.Now().Add(stepTime))
			next = len(buf) + bodyStep
		}
		n, err := b.request.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > b.max:
			return buf[:min(len(buf), politeBody)], BodyTooLarge
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, err
		case len(buf) > smallBody && b.taken == 0: // in chunks: it may become as large as allowed
			if err := b.take(b.max); err != nil {
				return nil, err
			}
			next = 0 // the wait is not the sender's time
		}
	}
}

// take waits for a part of the memory.
func (b *bodyReader) take(n int64) error {
	ctx, cancel := context.WithTimeout(b.request.Context(), memoryWait)
	defer cancel()
	if b.conn != nil {
		b.conn.OnGone(cancel)
	}
	if b.memory.Take(ctx, n) != nil {
		if b.conn == nil || !b.conn.Gone() {
			b.onLimit(limit.BodyMemory, b.request.RemoteAddr)
		}
		return errBusy
	}
	b.taken = n
	return nil
}

// prompt reads what is on its way already of a body that is not wanted. whole says that
// this is all of it.
func (b *bodyReader) prompt() (came []byte, whole bool) {
	switch {
	case b.request.Body == nil || b.request.Body == http.NoBody:
		return nil, true
	case b.request.Header.Get("Expect") != "": // the sender waits to be asked for its body
		return nil, false
	}
	length := b.request.ContentLength
	if length > smallBody && length <= politeBody && b.polite.TryTake(length) {
		b.spared = length
	} else if length < 0 || length > smallBody {
		length = smallBody
	}
	if !b.enter(limit.Body) {
		return nil, false
	}
	wait := politeTime
	if b.conn != nil && b.conn.Pressed() {
		wait = pressedTime
	}
	b.limitRead(time.Now().Add(wait))
	buf := make([]byte, length+1)
	n, err := io.ReadFull(b.request.Body, buf) // one byte more than there may be
	b.limitRead(time.Time{})
	return buf[:min(n, int(length))], b.enter(limit.Busy) && (err == io.EOF || err == io.ErrUnexpectedEOF)
}

func (b *bodyReader) enter(p limit.Phase) bool { return b.conn == nil || b.conn.Enter(p) }

func (b *bodyReader) limitRead(t time.Time) {
	if b.conn != nil {
		b.conn.LimitRead(t)
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
