package siege

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
)

// protocolAttacks break the rules of HTTP, or keep them and mean harm. They are many, so each gets a part
// of the time.
func protocolAttacks(t *testing.T) []attack {
	forged, good := message(t, "forged", 1000), message(t, clitest.Secret, 1000)
	all := []attack{
		{name: "oversized heads", conns: 64, one: sendAnd("POST /receive-webhooks HTTP/1.1\r\nHost: h\r\n"+strings.Repeat("X-Y: "+strings.Repeat("v", 1000)+"\r\n", 2000), hold)},
		{name: "oversized bodies", conns: 64, one: sendAnd(strings.Replace(head(good), "Content-Length: 1000", "Content-Length: 1000000000", 1), endless)},
		{name: "pipelining", conns: 64, one: sendAnd(strings.Repeat(good, 32)+strings.Repeat(forged, 32), hold)},
		{name: "smuggling", conns: 64, one: oneOf(smuggled(good))},
		{name: "HTTP/2 and h2c", conns: 64, one: oneOf(secondVersion(good))},
		{name: "resets", conns: 64, one: reset([]byte(good))},
		{name: "replays", conns: 64, one: again(good)},
		{name: "unsigned deliveries", conns: 64, one: again(unsigned(good))},
		{name: "unknown secrets", conns: 64, one: again(forged), account: true},
		{name: "distinct ids", conns: 64, one: counted(strings.Replace(forged, `"messageId":"m"`, `"messageId":"`+number+`"`, 1))},
	}
	for i := range all {
		all[i].proxied, all[i].part, all[i].pause = true, 4, time.Millisecond
	}
	return all
}

// unsigned leaves the signature out of a request.
func unsigned(request string) string {
	var b strings.Builder
	for line := range strings.Lines(head(request)) {
		if !strings.HasPrefix(line, "Signature") {
			b.WriteString(line)
		}
	}
	return b.String() + body(request)
}

// smuggled are requests that two servers may read in different ways: a proxy sees one of them, and what is
// behind it two.
func smuggled(good string) []string {
	start := "POST " + receiver.DefaultPath + " HTTP/1.1\r\nHost: h\r\n"
	chunks := "0\r\n\r\n" + good
	length := fmt.Sprintf("Content-Length: %d\r\n", len(chunks))
	return []string{
		start + length + "Transfer-Encoding: chunked\r\n\r\n" + chunks,
		start + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + chunks,
		start + length + "Transfer-Encoding : chunked\r\n\r\n" + chunks,
		start + length + "Transfer-Encoding: xchunked\r\n\r\n" + chunks,
		start + length + "Transfer-Encoding:\vchunked\r\n\r\n" + chunks,
		start + length + "Content-Length: 0\r\n\r\n" + chunks,
		start + "Content-Length: +" + fmt.Sprint(len(chunks)) + "\r\n\r\n" + chunks,
		start + "Content-Length: 0\r\n folded\r\n\r\n" + good,
		start + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" + good,
		start + "Transfer-Encoding: chunked\r\n\r\n1;x=\n\r\n" + good,
		strings.ReplaceAll(good, "\r\n", "\n"),
	}
}

// secondVersion are requests for HTTP/2 without TLS.
func secondVersion(good string) []string {
	const settings, headers = "\x00\x00\x00\x04\x00\x00\x00\x00\x00", "\x00\x00\x01\x01\x05\x00\x00\x00\x01\x83"
	return []string{
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + strings.Repeat(headers, 100),
		strings.Replace(good, "\r\n", "\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", 1),
		strings.Replace(good, "HTTP/1.1", "HTTP/2.0", 1),
		strings.Replace(good, "HTTP/1.1", "HTTP/0.9", 1),
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 500), // the start of TLS
	}
}

// oneOf sends another text over each connection, and waits until it is closed.
func oneOf(texts []string) func(context.Context, net.Conn) {
	var next atomic.Int64
	return func(ctx context.Context, c net.Conn) {
		_ = c.SetReadDeadline(time.Now().Add(time.Second)) // what is no request yet is waited for
		sendAnd(texts[int(next.Add(1))%len(texts)], hold)(ctx, c)
	}
}

// endless sends until the other end closes the connection.
func endless(ctx context.Context, c net.Conn) {
	block := bytes.Repeat([]byte("x"), 64<<10)
	for ctx.Err() == nil {
		if _, err := c.Write(block); err != nil {
			return
		}
	}
}

// reset breaks connections off at some place of a request.
func reset(request []byte) func(context.Context, net.Conn) {
	var next atomic.Int64
	return func(_ context.Context, c net.Conn) {
		_, _ = c.Write(request[:int(next.Add(97))%len(request)])
		if a, ok := c.(answered); ok {
			_ = a.Conn.(*net.TCPConn).SetLinger(0)
		}
	}
}

// number is where a request has another number each time.
const number = "NNNNNNNN"

// counted sends a request again and again, each with another number.
func counted(request string) func(context.Context, net.Conn) {
	var next atomic.Int64
	return func(ctx context.Context, c net.Conn) {
		again(strings.ReplaceAll(request, number, fmt.Sprintf("%08d", next.Add(1))))(ctx, c)
	}
}

// slowUP42 is a UP42 that takes a while for each answer, and knows no webhook.
func slowUP42() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(100 * time.Millisecond)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Method == http.MethodPost:
			_, _ = io.WriteString(w, `{"access_token":"t","expires_in":300}`)
		case strings.HasPrefix(r.URL.Path, "/realms/"):
			_, _ = io.WriteString(w, `{"sub":"ws"}`)
		default:
			_, _ = io.WriteString(w, `{"data":[],"error":null}`)
		}
	})
}
