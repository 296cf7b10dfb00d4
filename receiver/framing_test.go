package receiver_test

import (
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
	"github.com/up42/up42-webhooks/receiver/signature"
)

// onTheWire returns the bytes of a signed delivery with the given framing headers and
// body.
func onTheWire(t *testing.T, body string, framing, framed string) string {
	req := signed(t, "http://hooks.example.com", body, secret)
	var b strings.Builder
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: hooks.example.com\r\n%s", receiver.DefaultPath, framing)
	for name := range req.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", name, req.Header.Get(name))
	}
	return b.String() + "\r\n" + framed
}

func chunked(body string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body) }

func TestFraming(t *testing.T) {
	body := order("o1", "PLACED", "m1")
	length := fmt.Sprintf("Content-Length: %d\r\n", len(body))
	for name, tc := range map[string]struct {
		framing, framed string
		status          int
		stored          int
	}{
		"length":                           {length, body, 200, 1},
		"chunks":                           {"Transfer-Encoding: chunked\r\n", chunked(body), 200, 1},
		"chunks and a length":              {"Transfer-Encoding: chunked\r\n" + length, chunked(body), 400, 0},
		"a length, then chunks":            {length + "Transfer-Encoding: chunked\r\n", chunked(body), 400, 0},
		"odd case":                         {"transfer-encoding: chunked\r\ncONTENT-lENGTH: 3\r\n", chunked(body), 400, 0},
		"two lengths":                      {length + "Content-Length: 3\r\n", body, 400, 0},
		"length too short":                 {"Content-Length: 20\r\n", body[:20], 401, 0},
		"no length":                        {"", "", 401, 0},
		"chunk that is no chunk":           {"Transfer-Encoding: chunked\r\n", "zz\r\n", 400, 0},
		"negative length":                  {"Content-Length: -1\r\n", body, 400, 0},
		"a length behind a bare line feed": {"Transfer-Encoding: chunked\nContent-Length: 5\r\n", chunked(body), 400, 0},
		"chunks behind a bare line feed":   {"X: y\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunked(body), 400, 0},
		"another transfer encoding":        {"Transfer-Encoding: gzip\r\n", body, 501, 0},
		"the length twice":                 {length + length, body, 200, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			answer := r.raw(onTheWire(t, body, "Connection: close\r\n"+tc.framing, tc.framed))
			assert.Contains(t, answer, fmt.Sprintf("HTTP/1.1 %d ", tc.status))
			assert.Len(t, r.events(), tc.stored)
		})
	}
}

func TestFramingOfTheSecondRequestOnAConnection(t *testing.T) {
	r := newRig(t)
	c, err := net.Dial("tcp", r.addr)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	one, two, three := order("o1", "PLACED", "m1"), order("o1", "PLACED", "m2"), order("o1", "PLACED", "m3")
	chunks := "Transfer-Encoding: chunked\r\n"
	buf := make([]byte, 4096)
	for _, tc := range []struct {
		request string
		status  int
	}{
		{onTheWire(t, one, fmt.Sprintf("Content-Length: %d\r\n", len(one)), one), 200},
		{onTheWire(t, two, chunks, chunked(two)), 200},
		{onTheWire(t, three, chunks+"Content-Length: 9\r\n", chunked(three)), 400},
	} {
		_, err = c.Write([]byte(tc.request))
		require.NoError(t, err)
		n, err := c.Read(buf)
		require.NoError(t, err)
		assert.Contains(t, string(buf[:n]), fmt.Sprintf("HTTP/1.1 %d ", tc.status))
	}
	assert.Len(t, r.events(), 2)
}

func TestSlowAndBrokenBodies(t *testing.T) {
	body := order("o1", "PLACED", "m1")
	r := newRig(t, func(o *rigOptions) { o.server.ReadTimeout = 2 * time.Second })
	answer := r.raw(onTheWire(t, body, fmt.Sprintf("Content-Length: %d\r\n", len(body)+1), body))
	assert.Contains(t, answer, "HTTP/1.1 408 ", "the last byte is missing")
	kept := r.rejected(1)
	assert.Equal(t, receiver.BodyMalformed, kept[0].Reason)
	assert.Equal(t, body, string(kept[0].Raw), "the part that came is kept")
	assert.Empty(t, r.events())
}

func TestConnectionsAreCapped(t *testing.T) {
	r := newRig(t, func(o *rigOptions) { o.server.MaxConns = 1; o.server.HeaderTimeout = 2 * time.Second })
	idle, err := net.Dial("tcp", r.addr)
	require.NoError(t, err)
	defer idle.Close()
	status, _ := r.deliver(order("o1", "PLACED", "m1"))
	assert.Equal(t, 200, status, "served once the idle connection was cut off")
}

func TestHeadersAreCapped(t *testing.T) {
	r := newRig(t)
	req := signed(t, r.url, order("o1", "PLACED", "m1"), secret)
	req.Header.Set("X-Long", strings.Repeat("a", 64<<10))
	res, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, res.StatusCode)
	assert.Empty(t, r.events())
}

// folded returns the bytes of a delivery whose signature covers a header that continues
// on a second line. All lines end in end.
func folded(t *testing.T, end string) string {
	t.Helper()
	body := order("o1", "PLACED", "m1")
	req := signed(t, "http://h", body, secret)
	req.Header.Set("X-A", "one two")
	req.Header.Del("Signature")
	require.NoError(t, signature.Sign(signature.Request{Header: req.Header, Body: []byte(body)}, secret, []string{"date", "digest", "x-a"}, time.Now()))
	req.Header.Set("X-A", "one"+end+" two")
	lines := []string{"POST " + receiver.DefaultPath + " HTTP/1.1", "Host: h", "Connection: close", fmt.Sprint("Content-Length: ", len(body))}
	for name := range req.Header {
		lines = append(lines, name+": "+req.Header.Get(name))
	}
	return strings.Join(lines, end) + end + end + body
}

func TestACoveredHeaderIsNotFolded(t *testing.T) {
	for name, request := range map[string]string{
		"with CRLF":          folded(t, "\r\n"),
		"in bare line feeds": folded(t, "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			assert.Contains(t, r.raw(request), "HTTP/1.1 401 ")
			assert.Equal(t, signature.ComponentMalformed, r.rejected(1)[0].Reason)
			assert.Empty(t, r.events())
		})
	}
}

// If the connection stayed open, the receiver would take bytes of the unread body for the
// next header block. So a forger could hide a folded header.
func TestAnUnreadBodyClosesTheConnection(t *testing.T) {
	spoof := "POST " + receiver.DefaultPath + " HTTP/1.1\r\nHost: h\r\n\r\n"
	for name, tc := range map[string]struct{ request, status string }{
		"another path":        {"POST /elsewhere HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", "404"},
		"another path, 1.0":   {"POST /elsewhere HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n", "404"},
		"ping":                {"POST /ping HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", "200"},
		"another method":      {"PUT " + receiver.DefaultPath + " HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", "405"},
		"a length and chunks": {"POST " + receiver.DefaultPath + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n", "400"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			c, err := net.Dial("tcp", r.addr)
			require.NoError(t, err)
			defer c.Close()
			require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
			_, err = fmt.Fprintf(c, tc.request, len(spoof))
			require.NoError(t, err)
			_, err = io.WriteString(c, spoof)
			require.NoError(t, err)
			_, _ = io.WriteString(c, folded(t, "\r\n")) // the connection may be gone already
			answers, _ := io.ReadAll(c)                 // the connection may be reset
			assert.Equal(t, 1, strings.Count(string(answers), "HTTP/1."), "%s", answers)
			assert.Contains(t, string(answers), " "+tc.status+" ")
			assert.Contains(t, string(answers), "Connection: close")
			assert.Empty(t, r.events())
		})
	}
}

func TestBlankLinesBeforeTheNextRequest(t *testing.T) {
	r := newRig(t)
	c, err := net.Dial("tcp", r.addr)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	buf := make([]byte, 4096)
	for _, id := range []string{"m1", "m2"} {
		body := order("o1", "PLACED", id)
		_, err = io.WriteString(c, onTheWire(t, body, fmt.Sprintf("Content-Length: %d\r\n", len(body)), body))
		require.NoError(t, err)
		n, err := c.Read(buf)
		require.NoError(t, err)
		assert.Contains(t, string(buf[:n]), "HTTP/1.1 200 ")
		_, err = io.WriteString(c, "\r\n")
		require.NoError(t, err)
	}
	assert.Len(t, r.events(), 2)
}

// HTTP/1.0 has no transfer codings. net/http ignores them there, but a proxy may not.
func TestATransferCodingInHTTP10(t *testing.T) {
	body := order("o1", "PLACED", "m1")
	length := fmt.Sprintf("Content-Length: %d\r\n", len(body))
	for framing, status := range map[string]int{
		length: 200, "Transfer-Encoding: chunked\r\n" + length: 400, length + "transfer-encoding: gzip\r\n": 400, "Transfer-Encoding: chunked\r\n": 400,
	} {
		r := newRig(t)
		request := strings.Replace(onTheWire(t, body, framing, body), " HTTP/1.1", " HTTP/1.0", 1)
		assert.Contains(t, r.raw(request), fmt.Sprintf("HTTP/1.0 %d ", status), framing)
	}
}

func TestACoveredLengthOccursOnce(t *testing.T) {
	body := order("o1", "PLACED", "m1")
	req := signed(t, "http://hooks.example.com", body, secret)
	req.Header.Del("Signature")
	require.NoError(t, signature.Sign(signature.Request{Header: req.Header, Body: []byte(body)}, secret, []string{"date", "digest", "content-length"}, time.Now()))
	var b strings.Builder
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n", receiver.DefaultPath)
	for name := range req.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", name, req.Header.Get(name))
	}
	r := newRig(t)
	assert.Contains(t, r.raw(b.String()+fmt.Sprintf("content-length: %d\r\n\r\n", len(body))+body), "HTTP/1.1 401 ")
	assert.Equal(t, signature.ComponentRepeated, r.rejected(1)[0].Reason)
	assert.Contains(t, r.raw(b.String()+"\r\n"+body), "HTTP/1.1 200 ")
}

func TestUnmatchedRequestsAreCounted(t *testing.T) {
	r := newRig(t)
	assert.Empty(t, r.handler.LastUnmatchedPath())
	for _, path := range []string{"/other", "/receive-webhook/", "//receive/webhooks"} {
		res, err := client.Post(r.url+path, "application/json", strings.NewReader("{}"))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, http.StatusNotFound, res.StatusCode)
		assert.Equal(t, path, r.handler.LastUnmatchedPath())
	}
	assert.Contains(t, r.raw("no HTTP at all\r\n\r\n"), "400 Bad Request")
	assert.Contains(t, r.raw("POST / HTTP/1.1\r\nHost: h\r\nX: \x1b[31m\r\n\r\n"), "400 Bad Request")
	assert.Eventually(t, func() bool { c, err := r.log.Counts(t.Context()); return err == nil && c.Unmatched == 5 }, time.Minute, time.Millisecond)
}

func TestServeEndsThoughConnectionsAreOpen(t *testing.T) {
	r := newRig(t)
	silent, err := net.Dial("tcp", r.addr)
	require.NoError(t, err)
	defer silent.Close()
	stalled, err := net.Dial("tcp", r.addr)
	require.NoError(t, err)
	defer stalled.Close()
	_, err = stalled.Write([]byte("POST /receive-webhooks HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc"))
	require.NoError(t, err)
	status, _ := r.deliver(order("o1", "PLACED", "m1")) // now the others are accepted, too
	require.Equal(t, 200, status)
	began := time.Now()
	require.NoError(t, r.stop(), "an idle connection is not an error")
	assert.Less(t, time.Since(began), 9*time.Second, "it waits ten seconds for requests that are complete")
}

func TestADeliveryIsStoredThoughItsSenderIsGone(t *testing.T) {
	r := newRig(t)
	for i := range 20 {
		c, err := net.Dial("tcp", r.addr)
		require.NoError(t, err)
		body := order("o1", "PLACED", fmt.Sprint("m", i))
		_, err = c.Write([]byte(onTheWire(t, body, fmt.Sprintf("Content-Length: %d\r\n", len(body)), body)))
		require.NoError(t, err)
		require.NoError(t, c.Close())
	}
	require.NoError(t, r.stop())
	assert.NotContains(t, r.logged.String(), "can't store")
}
