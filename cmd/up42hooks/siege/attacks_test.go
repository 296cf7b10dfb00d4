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
	"sync/atomic"
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
	// proxied: it is also tried through proxies.
	proxied bool
	// patience is how long 99 of 100 good deliveries may take; 0: maxLatency.
	patience time.Duration
	// part: it gets this part of the time. 0: all of it.
	part int
	// account: the receiver asks UP42 for a secret that it does not know.
	account bool
	from    net.IP // the attackers' address, nil for that of the system's choice
	tried   func() // is called once for each attacker, when it has tried to connect; may be nil
}

func attacks(t *testing.T) []attack {
	const large = 1 << 20
	forged, good := message(t, "forged", 1000), message(t, clitest.Secret, 1000)
	forgedLarge, goodLarge := message(t, "forged", large), message(t, clitest.Secret, large)
	const soon = 100 * time.Millisecond
	return append([]attack{
		{name: "none", proxied: true},
		{name: "idle once", conns: 1000, pause: soon, one: sendAnd("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n", hold)},
		{name: "half open", conns: 4000, pause: soon, one: hold, proxied: true},
		{name: "slow heads", conns: 700, pause: soon, one: drip("POST /receive-webhooks HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", 1000)), proxied: true},
		{name: "slow bodies, forged", conns: 2500, pause: soon, one: sendAnd(head(forged), drip(body(forged))), proxied: true},
		{name: "slow bodies, signed", conns: 700, pause: soon, one: sendAnd(head(good), drip(body(good))), proxied: true},
		{name: "slow bodies elsewhere", conns: 700, pause: soon, one: sendAnd("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n", drip(body(good)))},
		{name: "large bodies, forged", conns: 700, pause: soon, one: sendAnd(forgedLarge, hold), proxied: true},
		{name: "large bodies, signed, unfinished", conns: 500, pause: soon, one: sendAnd(goodLarge[:len(goodLarge)-10], hold)},
		{name: "new connections", conns: 256, one: hold},
		{name: "bad signatures", conns: 64, one: again(forged), proxied: true},
		// More deliveries than the machine can take: each waits for its turn.
		{name: "busy senders", conns: 5000, one: again(good), patience: time.Second},
	}, protocolAttacks(t)...)
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
	data := []byte(text)
	return func(ctx context.Context, c net.Conn) {
		if _, err := c.Write(data); err == nil {
			then(ctx, c)
		}
	}
}

// hold waits until the other end closes the connection.
func hold(_ context.Context, c net.Conn) {
	var buf [512]byte
	for {
		if _, err := c.Read(buf[:]); err != nil {
			return
		}
	}
}

// drip sends a byte ten times a second, and reads nothing.
func drip(text string) func(context.Context, net.Conn) {
	data := []byte(text)
	return func(ctx context.Context, c net.Conn) {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for i := range data {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if _, err := c.Write(data[i : i+1]); err != nil {
				return
			}
		}
	}
}

// again sends a request as often as it is answered.
func again(request string) func(context.Context, net.Conn) {
	data := []byte(request)
	return func(ctx context.Context, c net.Conn) {
		in := bufio.NewReader(c)
		for ctx.Err() == nil {
			if _, err := c.Write(data); err != nil {
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

// run attacks an address until ctx ends. It returns how many answers it got.
func (a attack) run(ctx context.Context, address string) int64 {
	var answers atomic.Int64
	dialer := dialerFrom(a.from)
	var wg sync.WaitGroup
	for range a.conns {
		wg.Go(func() {
			tried := sync.OnceFunc(func() {
				if a.tried != nil {
					a.tried()
				}
			})
			defer tried()
			for ctx.Err() == nil {
				c, err := dialer.DialContext(ctx, "tcp", address)
				tried()
				if err == nil {
					stop := context.AfterFunc(ctx, func() { _ = c.Close() })
					a.one(ctx, answered{c, &answers})
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
	wg.Wait()
	return answers.Load()
}

// answered counts the answers that come over a connection, one by one.
type answered struct {
	net.Conn
	n *atomic.Int64
}

func (a answered) Read(p []byte) (int, error) {
	n, err := a.Conn.Read(p)
	if n > 0 {
		a.n.Add(1)
	}
	return n, err
}

// dialerFrom returns a dialer whose connections come from an address.
func dialerFrom(ip net.IP) *net.Dialer { return &net.Dialer{LocalAddr: &net.TCPAddr{IP: ip}} }

func (a attack) String() string { return fmt.Sprintf("%d × %s", a.conns, a.name) }
