package siege

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// attack is what many connections do at once.
type attack struct {
	name  string
	conns int
	pause time.Duration // before a connection that was closed is opened again
	// one attacks over a connection until that is closed or ctx ends.
	one func(ctx context.Context, c net.Conn)
}

func attacks(t *testing.T) []attack {
	const large = 1 << 20
	forged, good := message(t, "forged", 1000), message(t, clitest.Secret, 1000)
	forgedLarge, goodLarge := message(t, "forged", large), message(t, clitest.Secret, large)
	return []attack{
		{"none", 0, 0, nil},
		{"idle once", 1000, time.Second, sendAnd("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n", hold)},
		{"half open", 4000, time.Second, sendAnd("", hold)},
		{"slow heads", 700, time.Second, drip("POST /receive-webhooks HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", 1000))},
		{"slow bodies, forged", 2500, time.Second, sendAnd(head(forged), drip(body(forged)))},
		{"slow bodies, signed", 700, time.Second, sendAnd(head(good), drip(body(good)))},
		{"slow bodies elsewhere", 700, time.Second, sendAnd("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n", drip(body(good)))},
		{"large bodies, forged", 700, time.Second, sendAnd(forgedLarge, hold)},
		{"large bodies, signed, unfinished", 500, time.Second, sendAnd(goodLarge[:len(goodLarge)-10], hold)},
		{"new connections", 256, 0, sendAnd("", hold)},
		{"bad signatures", 64, 0, again(forged)},
		{"busy senders", 5000, 0, again(good)},
	}
}

// message is a delivery as it goes over the wire, signed with a key.
func message(t *testing.T, key string, size int) string {
	t.Helper()
	text := `{"event":"order.status","messageId":"m","body":{"orderId":"o","status":"PLACED"},"pad":"`
	text += strings.Repeat("a", size-len(text)-2) + `"}`
	req := receivertest.SignedRequest(t, "http://h"+receiver.DefaultPath, []byte(text), key)
	var b strings.Builder
	if err := req.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func head(message string) string { h, _, _ := strings.Cut(message, "\r\n\r\n"); return h + "\r\n\r\n" }

func body(message string) string { _, b, _ := strings.Cut(message, "\r\n\r\n"); return b }

// sendAnd sends a text and goes on.
func sendAnd(text string, then func(context.Context, net.Conn)) func(context.Context, net.Conn) {
	return func(ctx context.Context, c net.Conn) {
		if _, err := io.WriteString(c, text); err == nil {
			then(ctx, c)
		}
	}
}

// hold waits until the other end closes the connection.
func hold(_ context.Context, c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// drip sends a byte ten times a second, and reads nothing.
func drip(text string) func(context.Context, net.Conn) {
	return func(ctx context.Context, c net.Conn) {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for i := range text {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if _, err := io.WriteString(c, text[i:i+1]); err != nil {
				return
			}
		}
	}
}

// again sends a request as often as it is answered.
func again(request string) func(context.Context, net.Conn) {
	return func(ctx context.Context, c net.Conn) {
		in := bufio.NewReader(c)
		for ctx.Err() == nil {
			if _, err := io.WriteString(c, request); err != nil {
				return
			}
			res, err := http.ReadResponse(in, nil)
			if err != nil {
				return
			}
			if _, err := io.Copy(io.Discard, res.Body); err != nil || res.Close {
				return
			}
		}
	}
}

// run attacks an address until ctx ends.
func (a attack) run(ctx context.Context, address string) {
	var dialer net.Dialer
	var wg sync.WaitGroup
	defer wg.Wait()
	for range a.conns {
		wg.Go(func() {
			for ctx.Err() == nil {
				if c, err := dialer.DialContext(ctx, "tcp", address); err == nil {
					stop := context.AfterFunc(ctx, func() { _ = c.Close() })
					a.one(ctx, c)
					stop()
					_ = c.Close()
				}
				select {
				case <-ctx.Done():
				case <-time.After(a.pause):
				}
			}
		})
	}
}

func (a attack) String() string { return fmt.Sprintf("%d × %s", a.conns, a.name) }
