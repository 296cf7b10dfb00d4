package receiver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/limit"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// limits counts the limits that act.
type limits struct {
	mu sync.Mutex
	n  map[limit.Limit]int
}

func (l *limits) count(x limit.Limit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n == nil {
		l.n = map[limit.Limit]int{}
	}
	l.n[x]++
}

func (l *limits) of(x limit.Limit) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n[x]
}

// besieged is a rig with a limit of connections whose timeouts don't come to help.
func besieged(t *testing.T, conns int, change ...func(*rigOptions)) (*rig, *limits) {
	t.Helper()
	acted := &limits{}
	return newRig(t, append([]func(*rigOptions){durable(t), func(o *rigOptions) {
		o.server = receiver.ServerOptions{MaxConns: conns, HeaderTimeout: time.Minute, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
		o.handler.OnLimit = acted.count
	}}, change...)...), acted
}

// dial opens a connection that the test closes.
func (r *rig) dial() net.Conn {
	r.t.Helper()
	c, err := net.Dial("tcp", r.addr)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = c.Close() })
	require.NoError(r.t, c.SetDeadline(time.Now().Add(time.Minute)))
	return c
}

// beginFrom is begin from an address of this machine.
func (r *rig) beginFrom(ip net.IP, request string) net.Conn {
	r.t.Helper()
	c, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: ip}}).Dial("tcp", r.addr)
	if err != nil {
		r.t.Skipf("this system has no second address of its own: %v", err)
	}
	r.t.Cleanup(func() { _ = c.Close() })
	require.NoError(r.t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(c, request)
	require.NoError(r.t, err)
	return c
}

// begin sends the beginning of a request on a connection of its own.
func (r *rig) begin(request string) net.Conn {
	r.t.Helper()
	c := r.dial()
	_, err := io.WriteString(c, request)
	require.NoError(r.t, err)
	return c
}

// status reads the status of the next answer.
func status(t *testing.T, c net.Conn) int {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	return res.StatusCode
}

// unfinished is a delivery of a size whose body lacks its end.
func unfinished(t *testing.T, key string, size int, headers string) string {
	t.Helper()
	body := `{"event":"x","pad":"` + strings.Repeat("a", size-22) + `"}`
	req := signed(t, "http://h", body, key)
	var b strings.Builder
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n%s", receiver.DefaultPath, size, headers)
	for name := range req.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", name, req.Header.Get(name))
	}
	return b.String() + "\r\n" + body[:size/2]
}

func TestARejectedHeadIsAnsweredWithoutItsBody(t *testing.T) {
	const size = 3000
	good := unfinished(t, secret, size, "")
	for name, tc := range map[string]struct {
		request string
		status  int
		reason  receiver.Reason
	}{
		"another secret":       {unfinished(t, "wrong", size, ""), 401, signature.SignatureMismatch},
		"in chunks":            {strings.Replace(unfinished(t, "wrong", size, ""), "Content-Length: 3000", "Transfer-Encoding: chunked", 1), 400, ""},
		"no signature":         {strings.Replace(good, "Signature:", "X:", 1), 401, signature.MissingSignature},
		"malformed signature":  {strings.Replace(good, "Signature: up42-sig=", "Signature: up42-sig=x", 1), 401, signature.MalformedSignature},
		"too old":              {strings.Replace(good, "created=", "created=1600000000;x=", 1), 401, signature.Stale},
		"wrong password":       {strings.Replace(good, "Host: h", "Host: h\r\nAuthorization: Basic eDp5", 1), 401, receiver.WrongCredentials},
		"another method":       {strings.Replace(good, "POST", "PUT", 1), 405, receiver.MethodNotAllowed},
		"too long":             {strings.Replace(good, "Length: 3000", "Length: 3000000", 1), 413, receiver.BodyTooLarge},
		"too long, and forged": {strings.Replace(unfinished(t, "wrong", size, ""), "Length: 3000", "Length: 3000000", 1), 413, receiver.BodyTooLarge},
		"asks before its body": {unfinished(t, "wrong", size, "Expect: 100-continue\r\n"), 401, signature.SignatureMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := besieged(t, 8, func(o *rigOptions) { o.handler.BasicAuth = "x:z" })
			if name == "in chunks" {
				tc.request, tc.status, tc.reason = strings.Split(tc.request, "\r\n\r\n")[0]+"\r\n\r\n5\r\nhel", 401, signature.SignatureMismatch
			}
			c := r.begin(tc.request)
			assert.Equal(t, tc.status, status(t, c))
			_, err := io.Copy(io.Discard, c)
			require.NoError(t, err, "it is closed")
			kept := r.rejected(1)
			assert.Equal(t, tc.reason, kept[0].Reason)
			assert.LessOrEqual(t, len(kept[0].Raw), size/2, "the part that came")
		})
	}
}

func TestAnUnreadBodyElsewhereDoesNotHoldItsConnection(t *testing.T) {
	r, _ := besieged(t, 8)
	c := r.begin("POST /elsewhere HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
	assert.Equal(t, 404, status(t, c))
	_, err := io.Copy(io.Discard, c)
	require.NoError(t, err)
}

func TestARejectedDeliveryKeepsItsConnectionIfItsBodyIsThere(t *testing.T) {
	r, _ := besieged(t, 8)
	body := order("o", "PLACED", "m")
	forged := strings.Replace(onTheWire(t, body, fmt.Sprintf("Content-Length: %d\r\n", len(body)), body), "created=", "created=1600000000;x=", 1)
	c := r.dial()
	in := bufio.NewReader(c)
	for range 3 {
		_, err := io.WriteString(c, forged)
		require.NoError(t, err)
		res, err := http.ReadResponse(in, nil)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(t, err)
		assert.Equal(t, 401, res.StatusCode)
		assert.False(t, res.Close)
	}
	assert.Equal(t, body, string(r.rejected(3)[0].Raw))
}

func TestABodyIsWorthWaitingForIfItComes(t *testing.T) {
	t.Parallel()
	r, acted := besieged(t, 8)
	c := r.begin(unfinished(t, secret, 3000, ""))
	assert.Equal(t, 408, status(t, c), "after its grace")
	assert.Equal(t, 1, acted.of(limit.SlowBody))
	assert.Contains(t, r.logged.String(), "too slowly")
}

func TestIdleConnectionsGiveWay(t *testing.T) {
	for name, request := range map[string]string{
		"nothing sent":     "",
		"idle once":        "GET /ping HTTP/1.1\r\nHost: h\r\n\r\n",
		"half a head":      "GET /ping HTT",
		"half a body":      unfinished(t, secret, 3000, ""),
		"a forged body":    unfinished(t, "wrong", 3000, ""),
		"a body elsewhere": "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const conns = 16
			r, _ := besieged(t, conns)
			for range 3 * conns {
				r.begin(request)
			}
			for i := range conns {
				status, answer := r.deliver(order("o", "PLACED", fmt.Sprint(i)))
				require.Equal(t, 200, status, answer)
			}
		})
	}
}

func TestALimitIsLoggedAndAnswered(t *testing.T) {
	r, acted := besieged(t, 1)
	slow := r.begin(unfinished(t, secret, 3000, ""))
	assert.Equal(t, 200, func() int { s, _ := r.deliver(order("o", "PLACED", "m")); return s }())
	assert.Equal(t, 503, status(t, slow), "it is told to come again")
	assert.Equal(t, 1, acted.of(limit.SlowConnection))
	assert.Contains(t, r.logged.String(), "closed a slow connection for a new one")
}

// More senders than connections, all of them busy: each request gets an answer.
func TestBusyConnectionsTakeTurns(t *testing.T) {
	t.Parallel()
	r, _ := besieged(t, 16)
	const senders, each = 160, 5
	var answered, stored atomic.Int64
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			kept := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
			defer kept.CloseIdleConnections()
			for n := range each {
				res, err := kept.Do(signed(t, r.url, order("o", "PLACED", fmt.Sprint(i, " ", n)), secret))
				if !assert.NoError(t, err) {
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				answered.Add(1)
				if res.StatusCode == 200 {
					stored.Add(1)
				}
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, senders*each, answered.Load())
	c, err := r.log.Counts(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, stored.Load(), c.Verified)
}

// If the store hangs, nobody can be served; but all are told.
func TestAllBusyIsAnsweredAndLogged(t *testing.T) {
	log := &slowLog{entered: make(chan struct{}), leave: make(chan struct{})}
	r, acted := besieged(t, 1, func(o *rigOptions) { o.log = log })
	done := make(chan int, 1)
	go func() { s, _ := r.deliver(order("o", "PLACED", "m")); done <- s }()
	<-log.entered
	for range 20 {
		c := r.begin("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n")
		assert.Equal(t, 503, status(t, c))
		require.NoError(t, c.Close())
	}
	close(log.leave)
	assert.Equal(t, 200, <-done)
	assert.Equal(t, 20, acted.of(limit.Connections))
	assert.Contains(t, r.logged.String(), "all others are busy")
}

func TestAPeerHoldsNoMoreThanItsShare(t *testing.T) {
	const conns = 8
	r, acted := besieged(t, conns, func(o *rigOptions) {
		o.handler.Proxies = limit.Proxies{netip.MustParsePrefix("127.0.0.0/8")}
	})
	from := func(address string) string { return "X-Forwarded-For: 6.6.6.6, " + address + "\r\n" }
	other := r.begin(unfinished(t, secret, 3000, from("192.0.2.1")))
	for range 3 * conns {
		r.begin(unfinished(t, secret, 3000, from("192.0.2.9")))
	}
	req := signed(t, r.url, order("o", "PLACED", "m"), secret)
	req.Header.Set("X-Forwarded-For", "6.6.6.6, 192.0.2.2")
	code, _ := r.do(req)
	assert.Equal(t, 200, code)
	assert.Equal(t, "192.0.2.2", r.events()[0].Proof.Remote, "the client that the proxy names")
	assert.NotZero(t, acted.of(limit.PeerShare)+acted.of(limit.SlowConnection))
	assert.Contains(t, r.logged.String(), "from=192.0.2.9")
	assert.NotContains(t, r.logged.String(), "from=192.0.2.1")
	_, err := io.WriteString(other, strings.Repeat("a", 1500))
	require.NoError(t, err, "the other peer has kept its connection")
}

// A stranger has a network of IPv6, which is thousands of peers: each has one connection, and
// none has more than its share. Others still get their turn.
func TestMorePeersThanConnectionsTakeTurns(t *testing.T) {
	const conns = 8
	r, acted := besieged(t, conns, func(o *rigOptions) {
		o.handler.Proxies = limit.Proxies{netip.MustParsePrefix("127.0.0.1/32")}
	})
	for i := range conns {
		r.begin(unfinished(t, secret, 3000, fmt.Sprintf("X-Forwarded-For: 2001:db8:0:%d::1\r\n", i)))
	}
	require.Eventually(t, func() bool { return r.server.Connections() == conns }, time.Minute, time.Millisecond)
	code, _ := r.deliver(order("o", "PLACED", "m"))
	assert.Equal(t, 200, code)
	assert.NotZero(t, acted.of(limit.SlowConnection))
}

// Senders have addresses of their own. One that opens many connections loses those above
// its share, whether it comes first or last, and never those of others.
func TestEachPeerHasItsShare(t *testing.T) {
	const conns, others, share, many = 8, 3, 2, 8
	for _, greedyFirst := range []bool{true, false} {
		t.Run(fmt.Sprintf("greedy first: %t", greedyFirst), func(t *testing.T) {
			r, _ := besieged(t, conns)
			body := order("o", "PLACED", "m")
			request := onTheWire(t, body, fmt.Sprintf("Content-Length: %d\r\n", len(body)), body)
			half := len(request) / 4
			open := func(address byte, n int) (all []net.Conn) {
				for range n {
					all = append(all, r.beginFrom(net.IPv4(127, 0, 0, address), request[:half]))
				}
				return all
			}
			var modest, greedy []net.Conn
			if greedyFirst {
				greedy = open(2, many)
				require.Eventually(t, func() bool { return r.server.Connections() == many }, time.Minute, time.Millisecond)
			}
			for i := range byte(others) {
				modest = append(modest, open(3+i, share)...)
			}
			if !greedyFirst {
				require.Eventually(t, func() bool { return r.server.Connections() == others*share }, time.Minute, time.Millisecond)
				greedy = open(2, many)
			}
			served := func(all []net.Conn) (n int) {
				for _, c := range all {
					_, _ = io.WriteString(c, request[half:])
					if res, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil && res.StatusCode == 200 {
						n++
					}
				}
				return n
			}
			assert.LessOrEqual(t, r.server.Connections(), conns)
			assert.Equal(t, others*share, served(modest))
			assert.NotZero(t, served(greedy))
		})
	}
}

func TestLargeBodiesTakeTurns(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	r, acted := besieged(t, 64, func(o *rigOptions) { o.handler.BodyMemory = size })
	slow := r.begin(unfinished(t, secret, size, ""))
	require.Eventually(t, func() bool { return r.handler.BodyMemory() == size }, time.Minute, time.Millisecond)
	code, _ := r.deliver(order("o", "PLACED", "m"))
	assert.Equal(t, 200, code, "small ones need not wait")
	code, _ = r.deliver(`{"event":"x","pad":"` + strings.Repeat("b", size-22) + `"}`)
	assert.Contains(t, []int{200, 503}, code)
	assert.Equal(t, 408, status(t, slow), "it stopped")
	code, _ = r.deliver(`{"event":"x","pad":"` + strings.Repeat("c", size-22) + `"}`)
	assert.Equal(t, 200, code)
	assert.Zero(t, r.handler.BodyMemory())
	assert.Zero(t, acted.of(limit.Connections))
}

func TestManyHeaderLinesAreRefused(t *testing.T) {
	r, acted := besieged(t, 8)
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "a%d:\r\n", i)
	}
	c := r.begin("GET /ping HTTP/1.1\r\nHost: h\r\n" + b.String() + "\r\n")
	assert.Equal(t, 400, status(t, c))
	assert.Equal(t, 1, acted.of(limit.HeaderLines))
	assert.Equal(t, 200, status(t, r.begin("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n")))
}

// What senders can make the receiver use stays below what is computed from the settings.
func TestMemoryHoldsItsLimit(t *testing.T) {
	const conns, memory = 128, 2 << 20
	log := &heldLog{leave: make(chan struct{})}
	r, _ := besieged(t, conns, func(o *rigOptions) { o.log, o.handler.BodyMemory = log, memory })
	long := strings.Repeat("X-Long: "+strings.Repeat("a", 990)+"\r\n", 27)
	before := used()
	for i := range conns {
		size := 8 << 10
		if i < 4 {
			size = 400 << 10
		}
		request := unfinished(t, secret, size, long)
		head, _, _ := strings.Cut(request, "\r\n\r\n")
		r.begin(head + "\r\n\r\n" + `{"event":"x","pad":"` + strings.Repeat("a", size-22) + `"}`)
	}
	require.Eventually(t, func() bool { return log.waiting.Load() == conns }, time.Minute, time.Millisecond)
	limit := receiver.MemoryLimit(conns, memory)
	grown := used() - before
	close(log.leave)
	t.Logf("%d KiB of %d KiB", grown>>10, limit>>10)
	assert.Less(t, grown, limit)
}

// used returns the memory in use, the test's own included.
func used() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

// heldLog holds each event until leave is closed.
type heldLog struct {
	receiver.Log
	waiting atomic.Int64
	leave   chan struct{}
}

func (l *heldLog) Append(context.Context, *receiver.Event) (receiver.Receipt, error) {
	l.waiting.Add(1)
	<-l.leave
	return receiver.Receipt{Seq: 1}, nil
}
