package receiver_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func TestMain(m *testing.M) { testmain.Run(m) }

const secret = "correct horse"

// rig is a whole receiver on loopback: a server, a handler and a log in memory.
type rig struct {
	t       *testing.T
	log     receiver.Log
	handler *receiver.Handler
	server  *receiver.Server
	addr    string
	url     string
	logged  *logBuffer
	// stop ends the server and waits for it. It returns what Serve returned.
	stop func() error
}

type rigOptions struct {
	handler receiver.HandlerOptions
	server  receiver.ServerOptions
	policy  signature.Policy
	log     receiver.Log
}

func newRig(t *testing.T, change ...func(*rigOptions)) *rig {
	t.Helper()
	r := &rig{t: t, logged: &logBuffer{}}
	o := rigOptions{policy: signature.Policy{Secrets: []string{secret}}}
	o.handler.Logger = slog.New(slog.NewTextHandler(r.logged, nil))
	for _, f := range change {
		f(&o)
	}
	if o.log == nil {
		o.log = receivertest.NewLog()
	}
	r.log, o.handler.Log = o.log, o.log
	r.handler = receiver.NewHandler(o.handler, o.policy)
	o.server.OnRefused, o.server.OnLimit = r.handler.CountUnmatched, r.handler.ReportLimit
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r.addr, r.url = l.Addr().String(), "http://"+l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	r.server = receiver.NewServer(r.handler, o.server)
	go func() { ended <- r.server.Serve(ctx, l) }()
	r.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = r.stop() })
	return r
}

// durable gives a receiver a store, for what the log in memory does not show: it is simpler.
func durable(t *testing.T) func(*rigOptions) {
	return func(o *rigOptions) {
		store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, store.Close()) })
		o.log = store
	}
}

// logBuffer collects what was logged.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}

// signed makes a delivery as UP42 would.
func signed(t testing.TB, url, body, key string) *http.Request {
	t.Helper()
	return receivertest.SignedRequest(t, url+receiver.DefaultPath, []byte(body), key)
}

// do sends a request and returns the status and the body of the answer.
func (r *rig) do(req *http.Request) (int, string) {
	r.t.Helper()
	res, err := client.Do(req)
	require.NoError(r.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return res.StatusCode, string(bytes.TrimSpace(body))
}

// deliver sends a signed body.
func (r *rig) deliver(body string) (int, string) {
	r.t.Helper()
	return r.do(signed(r.t, r.url, body, secret))
}

func (r *rig) events() []*receiver.Event {
	r.t.Helper()
	out, err := r.log.Events(r.t.Context(), receiver.EventQuery{})
	require.NoError(r.t, err)
	return out
}

// rejected waits until n deliveries were rejected and returns the kept ones.
func (r *rig) rejected(n int64) []*receiver.Event {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	for v := receiver.Version(0); ; {
		c, err := r.log.Counts(ctx)
		require.NoError(r.t, err)
		if c.Rejected >= n {
			break
		}
		v, err = r.log.Wait(ctx, v)
		require.NoError(r.t, err, "waiting for %d rejections, have %d", n, c.Rejected)
	}
	out, err := r.log.Events(ctx, receiver.EventQuery{Rejected: true, Limit: receiver.RejectedKept})
	require.NoError(r.t, err)
	return out
}

// raw sends bytes over a connection of its own and returns all that comes back.
func (r *rig) raw(request string) string {
	r.t.Helper()
	c, err := net.Dial("tcp", r.addr)
	require.NoError(r.t, err)
	defer c.Close()
	require.NoError(r.t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(c, request)
	require.NoError(r.t, err)
	answer, _ := io.ReadAll(c)
	return string(answer)
}
