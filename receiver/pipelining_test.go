package receiver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
)

// wire is a connection that a sender keeps open.
type wire struct {
	t *testing.T
	net.Conn
	in *bufio.Reader
}

func (r *rig) wire() *wire {
	r.t.Helper()
	c, err := net.Dial("tcp", r.addr)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = c.Close() })
	require.NoError(r.t, c.SetDeadline(time.Now().Add(time.Minute)))
	return &wire{r.t, c, bufio.NewReader(c)}
}

func (w *wire) send(s string) { _, _ = io.WriteString(w, s) } // it may be closed already

// answer returns the status of the next answer, 0 if the connection is closed.
func (w *wire) answer() int {
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return 0
	}
	_, err = io.Copy(io.Discard, res.Body)
	assert.NoError(w.t, err)
	if res.StatusCode == http.StatusServiceUnavailable {
		assert.True(w.t, res.Close)
		assert.NotEmpty(w.t, res.Header.Get("Retry-After"))
	}
	return res.StatusCode
}

func withLength(t *testing.T, body string) string {
	return onTheWire(t, body, fmt.Sprintf("Content-Length: %d\r\n", len(body)), body)
}

func withChunks(t *testing.T, body string) string {
	return onTheWire(t, body, "Transfer-Encoding: chunked\r\n", chunked(body))
}

// A sender that does not wait for an answer may have its next request refused, but never
// for good, and what is answered 200 is stored.
func TestARequestBehindAnotherIsNeverRejected(t *testing.T) {
	for name, framed := range map[string]func(*testing.T, string) string{"length": withLength, "chunks": withChunks} {
		first, second := framed(t, order("o1", "PLACED", "m1")), framed(t, order("o1", "PLACED", "m2"))
		head := strings.Index(second, "\r\n\r\n") + 4
		for _, early := range []int{0, 1, 2, 30, 200, head - 1, head, head + 1, len(second) - 1, len(second)} {
			t.Run(fmt.Sprint(name, " ", early), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				w := r.wire()
				w.send(first + second[:early])
				assert.Equal(t, 200, w.answer())
				w.send(second[early:])
				stored := 1
				switch status := w.answer(); {
				case status == 200 && early <= 1: // the first byte can be told from the body
					stored++
				case status == 200, status != 503 && status != 0:
					assert.Fail(t, "the second request is judged", status)
				}
				assert.Len(t, r.events(), stored)
				c, err := r.log.Counts(t.Context())
				require.NoError(t, err)
				assert.Zero(t, c.Rejected)
				again := r.wire()
				again.send(second)
				assert.Equal(t, 200, again.answer())
				assert.Len(t, r.events(), 2)
			})
		}
	}
}

func TestABadRequestBehindAnother(t *testing.T) {
	body := order("o1", "PLACED", "m2")
	length := fmt.Sprintf("Content-Length: %d\r\n", len(body))
	good := withLength(t, body)
	for name, second := range map[string]string{
		"cut in its head":     good[:100],
		"cut in its body":     good[:len(good)-1],
		"no HTTP":             "no HTTP at all\r\n\r\n",
		"without a host":      strings.Replace(good, "Host: hooks.example.com\r\n", "", 1),
		"chunks and a length": onTheWire(t, body, "Transfer-Encoding: chunked\r\n"+length, chunked(body)),
		"two lengths":         onTheWire(t, body, length+"Content-Length: 3\r\n", body),
		"a folded header":     folded(t, "\r\n"),
		"a wrong signature":   strings.Replace(good, "Signature: up42-sig=:", "Signature: up42-sig=:AAAA", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			w := r.wire()
			w.send(withLength(t, order("o1", "PLACED", "m1")) + second)
			require.NoError(t, w.Conn.(*net.TCPConn).CloseWrite())
			assert.Equal(t, 200, w.answer())
			assert.Contains(t, []int{0, 400, 503}, w.answer())
			assert.Zero(t, w.answer(), "the connection is closed")
			assert.Len(t, r.events(), 1)
		})
	}
}

// The receiver must not take a part of a request for a whole header block: the part would
// hide the folded header before it.
func TestAPartOfARequestIsNoRequest(t *testing.T) {
	request := strings.Replace(folded(t, "\r\n"), "\r\nConnection: close", "", 1)
	head, body, _ := strings.Cut(request, "\r\n\r\n")
	line, lines, _ := strings.Cut(head, "\r\n")
	before, length, _ := strings.Cut(lines, "Content-Length: ")
	number, rest, _ := strings.Cut(length, "\r\n")
	early := line + "\r\n" + before + rest + "\r\nX-Z: a\r\n "
	late := line + "\r\nContent-Length: " + number + "\r\n\r\n" + body
	for name, framed := range map[string]func(*testing.T, string) string{"length": withLength, "chunks": withChunks} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			w := r.wire()
			w.send(framed(t, order("o2", "PLACED", "m2")) + early)
			assert.Equal(t, 200, w.answer())
			w.send(late)
			assert.Contains(t, []int{0, 503}, w.answer())
			assert.Len(t, r.events(), 1)
		})
	}
}

func TestARequestBehindTheLastOne(t *testing.T) {
	r := newRig(t)
	w := r.wire()
	w.send(strings.Replace(withLength(t, order("o1", "PLACED", "m1")), "\r\n", "\r\nConnection: close\r\n", 1) + withLength(t, order("o1", "PLACED", "m2")))
	assert.Contains(t, []int{0, 200}, w.answer())
	assert.Zero(t, w.answer(), "it is not answered")
	assert.Len(t, r.events(), 1)
}

// blockedLog stores when it is told to.
type blockedLog struct {
	receiver.Log
	began, goOn chan struct{}
}

func (l *blockedLog) Append(context.Context, *receiver.Event) (receiver.Receipt, error) {
	l.began <- struct{}{}
	<-l.goOn
	return receiver.Receipt{Seq: 1}, nil
}

func TestWhatIsOnItsWayWhenTheServerEnds(t *testing.T) {
	log := &blockedLog{began: make(chan struct{}), goOn: make(chan struct{})}
	r := newRig(t, func(o *rigOptions) { o.log = log })
	behind, cut := r.wire(), r.wire()
	second := withLength(t, order("o1", "PLACED", "m2"))
	head, body, _ := strings.Cut(second, "\r\n\r\n")
	cut.send(head + "\r\nExpect: 100-continue\r\n\r\n")
	assert.Equal(t, 100, cut.answer(), "its head is accepted")
	cut.send(body[1:])
	behind.send(withLength(t, order("o1", "PLACED", "m1")) + second)
	<-log.began
	ended := make(chan error, 1)
	go func() { ended <- r.stop() }()
	assert.Equal(t, 503, cut.answer(), "the sender of an incomplete body is not to blame")
	close(log.goOn)
	assert.Equal(t, 200, behind.answer())
	assert.Contains(t, []int{0, 503}, behind.answer())
	require.NoError(t, <-ended)
}
