package daemon

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/spf13/pflag"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// opened is a daemon that forwards to some URLs. The test closes it.
func opened(t *testing.T, out *bytes.Buffer, targets ...string) *Daemon {
	t.Helper()
	env, c := clitest.Configured(t, out)
	c.ForwardTo = targets
	d, err := Open(t.Context(), env, c, slog.New(slog.DiscardHandler), Much)
	require.NoError(t, err)
	return d
}

// deliver delivers an event and requires that it is accepted.
func deliver(t *testing.T, d *Daemon, message, order string) {
	t.Helper()
	status, answer, err := clitest.Deliver(clitest.HTTPClient(t), d.URL(), clitest.Secret, clitest.Delivery(message, order, "PLACED"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, answer)
}

func TestPrintServesAndPrints(t *testing.T) {
	var out bytes.Buffer
	d := opened(t, &out)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Print(ctx, d, 0) }()
	deliver(t, d, "m1", "order-one")
	deliver(t, d, "m2", "order-two")
	end()
	require.NoError(t, <-done)
	require.NoError(t, d.Close())
	assert.Equal(t, 2, strings.Count(out.String(), "\n"), "each event once: %s", &out)
	assert.Contains(t, out.String(), `"order-two"`)
}

func TestTheNullDeviceIsKnown(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "null"))
	require.NoError(t, err)
	defer file.Close()
	assert.False(t, isNull(file))
	assert.False(t, isNull(&bytes.Buffer{}))
	read, write, err := os.Pipe()
	require.NoError(t, err)
	assert.False(t, isNull(write))
	require.NoError(t, errors.Join(read.Close(), write.Close()))
	assert.False(t, isNull(write), "closed")

	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	require.NoError(t, err)
	defer null.Close()
	if info, err := null.Stat(); err == nil && info.Mode().IsRegular() {
		t.Skip("this machine has lost its null device")
	}
	assert.Equal(t, runtime.GOOS != "windows", isNull(null), "Windows does not tell it from a pipe")

	d := opened(t, &bytes.Buffer{})
	d.Env.Stdout = null
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Print(ctx, d, 0) }()
	deliver(t, d, "m1", "order-one")
	end()
	require.NoError(t, <-done)
	require.NoError(t, d.Close())
}

// Deliveries are accepted even if a task fails. Serve returns its error.
func TestServeReturnsTheErrorOfATask(t *testing.T) {
	d := opened(t, new(bytes.Buffer))
	failed := make(chan struct{})
	d.Add(func(context.Context) error {
		defer close(failed)
		return io.ErrUnexpectedEOF
	})
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	assert.Error(t, d.ready(), "not before Serve")
	go func() { done <- d.Serve(ctx) }()
	<-failed
	deliver(t, d, "m1", "order-one")
	assert.NoError(t, d.ready())
	d.StoreState.set(io.ErrShortWrite)
	assert.Equal(t, io.ErrShortWrite, d.ready())
	end()
	assert.ErrorIs(t, <-done, io.ErrUnexpectedEOF)
	require.NoError(t, d.Close())
}

// A reload that fails changes nothing.
func TestReload(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secrets")
	require.NoError(t, os.WriteFile(file, []byte("one\ntwo\n"), 0o600))
	env, c := clitest.Configured(t, new(bytes.Buffer), "UP42_WEBHOOK_SECRET", "")
	c.SecretFile = file
	d, err := Open(t.Context(), env, c, slog.New(slog.DiscardHandler), Much)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.Close()) }()
	assert.Empty(t, d.GeneratedSecret)

	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	config.AddFlags(flags)
	require.NoError(t, flags.Set("secret-file", file))
	require.NoError(t, os.WriteFile(file, []byte("one\ntwo\nthree\n"), 0o600))
	secrets, _, err := d.reload(flags)
	require.NoError(t, err)
	assert.Equal(t, 3, secrets)
	require.NoError(t, os.Remove(file))
	_, _, err = d.reload(flags)
	assert.ErrorContains(t, err, file)
}

// What was stored after the damage changes nothing.
func TestADamagedStoreStaysSo(t *testing.T) {
	s := new(StoreState)
	assert.NoError(t, s.Err())
	s.set(io.ErrShortWrite)
	assert.Equal(t, io.ErrShortWrite, s.Err())
	s.set(nil)
	assert.NoError(t, s.Err())
	s.damaged(io.ErrUnexpectedEOF)
	s.set(nil)
	assert.Equal(t, io.ErrUnexpectedEOF, s.Err())
}

// Older programs named a target by its URL.
func TestReadersWithAnOlderNameAreRenamed(t *testing.T) {
	const path, query, gone = "http://127.0.0.1:1/s3cr3t", "http://127.0.0.1:1/s3cr3t?key=s3cr3t", "https://chat.example.com/s3cr3t"
	env, c := clitest.Configured(t, new(bytes.Buffer))
	log, err := sqlite.Open(t.Context(), c.Store, sqlite.Options{})
	require.NoError(t, err)
	for i, name := range []string{forward.OlderName(path), forward.OlderName(query), gone, "exec /bin/true"} {
		require.NoError(t, log.SaveCheckpoint(t.Context(), name, receiver.Checkpoint{Cursor: int64(i + 1)}))
		require.NoError(t, log.AddFailure(t.Context(), receiver.Failure{Reader: name, Seq: 1}))
	}
	require.NoError(t, log.Close())
	c.ForwardTo = []string{path, query}
	var logged bytes.Buffer
	d, err := Open(t.Context(), env, c, slog.New(slog.NewTextHandler(&logged, nil)), Much)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.Close()) }()
	for url, cursor := range map[string]int64{path: 1, query: 2, gone: 3, "exec /bin/true": 4} {
		p, _, err := d.Log.Checkpoint(t.Context(), safe.Name(url))
		require.NoError(t, err)
		assert.Equal(t, cursor, p.Cursor, url)
	}
	info, err := d.Log.Info(t.Context())
	require.NoError(t, err)
	require.Len(t, info.Readers, 4)
	for _, r := range info.Readers {
		assert.NotContains(t, r.Name, "s3cr3t")
		assert.EqualValues(t, 1, r.Failures)
	}
	var metrics bytes.Buffer
	d.Forwarders.writeMetrics(&metrics)
	assert.Equal(t, 8, strings.Count(metrics.String(), `target="http://127.0.0.1:1/…#`))
	assert.NotContains(t, metrics.String()+logged.String(), "s3cr3t")
	assert.Contains(t, logged.String(), "https://chat.example.com/…#")
}

func TestForwarders(t *testing.T) {
	var taken atomic.Int64
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { taken.Add(1) }))
	defer target.Close()
	d := opened(t, new(bytes.Buffer), target.URL)
	require.False(t, d.Forwarders.Empty())
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx) }()
	deliver(t, d, "m1", "order-one")
	sent := func() bool {
		all, err := d.Forwarders.Status(t.Context())
		require.NoError(t, err)
		return all[0].Sent == 1 && all[0].Behind == 0
	}
	require.Eventually(t, sent, clitest.Patience, 5*time.Millisecond)

	name := d.Forwarders.all[0].Name()
	require.NoError(t, d.Resend(t.Context(), control.Again{Seq: 1}))
	require.NoError(t, d.Resend(t.Context(), control.Again{Seq: 1, Target: name}))
	assert.ErrorContains(t, d.Resend(t.Context(), control.Again{Seq: 1, Target: "another"}), "another is not a target")
	assert.GreaterOrEqual(t, taken.Load(), int64(3))

	var metrics bytes.Buffer
	d.writeMetrics(&metrics)
	assert.Contains(t, metrics.String(), `up42hooks_forward_undelivered_events{target="`+name+`"} 0`)
	require.NoError(t, d.Log.AddFailure(t.Context(), receiver.Failure{Reader: name, Seq: 1}))
	require.NoError(t, d.Log.AddFailure(t.Context(), receiver.Failure{Reader: "exec /was/here", Seq: 1}))
	metrics.Reset()
	d.writeMetrics(&metrics)
	assert.Contains(t, metrics.String(), `up42hooks_forward_undelivered_events{target="`+name+`"} 1`)
	assert.Contains(t, metrics.String(), `up42hooks_forward_undelivered_events{target="exec /was/here"} 1`)
	assert.Contains(t, metrics.String(), `up42hooks_forward_given_up_total{target="`+name+`"} 0`)
	assert.Contains(t, metrics.String(), `up42hooks_forward_failing{target="`+name+`"} 0`)
	assert.Contains(t, metrics.String(), `up42hooks_forward_sent_total{target="`+name+`"}`)
	end()
	require.NoError(t, <-done)
	require.NoError(t, d.Close())
}

// A jump of the clock is logged once, with its size, and stored.
func TestAJumpOfTheClockIsLogged(t *testing.T) {
	var out, log syncBuffer
	env, c := clitest.Configured(t, new(bytes.Buffer))
	env.Stdout = &out
	var ahead atomic.Int64
	env.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	d, err := Open(t.Context(), env, c, slog.New(slog.NewTextHandler(&log, nil)), Much)
	require.NoError(t, err)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx) }()
	deliver(t, d, "m1", "order-one")
	ahead.Store(int64(365 * 24 * time.Hour))
	for range 2 { // stale by the new clock: they are stored as rejected
		status, _, err := clitest.Deliver(clitest.HTTPClient(t), d.URL(), clitest.Secret, clitest.Delivery("m2", "order-two", "PLACED"))
		require.NoError(t, err)
		require.Equal(t, http.StatusUnauthorized, status)
	}
	require.Eventually(t, func() bool { return strings.Contains(log.String(), "the clock was put ahead") }, clitest.Patience, 5*time.Millisecond)
	end()
	require.NoError(t, <-done)
	info, err := d.Log.Info(t.Context())
	require.NoError(t, err)
	require.NoError(t, d.Close())
	assert.Equal(t, 1, strings.Count(log.String(), "the clock was put ahead"), log.String())
	assert.Contains(t, log.String(), "by=8760h0m0s")
	require.Len(t, info.Jumps, 1)
	assert.EqualValues(t, 1, info.Jumps[0].Seq)
}

// syncBuffer is a buffer for several goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// The secret comes from a file, and the library of Standard Webhooks verifies what a target gets.
func TestEventsAreForwardedAsStandardWebhooks(t *testing.T) {
	const secret = "whsec_YSBrZXkgb2YgYXQgbGVhc3QgMjQgYnl0ZXM="
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte(secret+"\n"), 0o600))
	verifier, err := standard.NewWebhook(secret)
	require.NoError(t, err)
	ids := make(chan string, 9)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			body, _ := io.ReadAll(r.Body)
			assert.NoError(t, verifier.Verify(body, r.Header))
			ids <- r.Header.Get("webhook-id")
		}
	}))
	defer s.Close()
	env, c := clitest.Configured(t, new(bytes.Buffer), "UP42_FORWARD_SECRET_FILE", file, "UP42_FORWARD_FORMAT", "standard-webhooks", "UP42_FORWARD_TO", s.URL)
	d, err := Open(t.Context(), env, c, slog.New(slog.DiscardHandler), Much)
	require.NoError(t, err)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx) }()
	deliver(t, d, "m1", "order-one")
	assert.Equal(t, "m1", <-ids)
	end()
	require.NoError(t, <-done)
	require.NoError(t, d.Close())
}

// A subject of NATS with a stream, a password in a file, and CloudEvents.
func TestEventsAreForwardedToNATS(t *testing.T) {
	running := natstest.Start(t, func(o *server.Options) { o.Username, o.Password = "ada", "hush" })
	nc, err := nats.Connect(running.URL(), nats.UserInfo("ada", "hush"))
	require.NoError(t, err)
	defer nc.Close()
	js, err := nc.JetStream()
	require.NoError(t, err)
	_, err = js.AddStream(&nats.StreamConfig{Name: "EVENTS", Subjects: []string{"up42.>"}, Storage: nats.MemoryStorage})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "creds")
	require.NoError(t, os.WriteFile(file, []byte("ada:hush\n"), 0o600))
	env, c := clitest.Configured(t, new(bytes.Buffer), "UP42_FORWARD_CREDS", file, "UP42_FORWARD_FORMAT", "cloudevents", "UP42_FORWARD_TO", running.URL()+"/up42.events")
	d, err := Open(t.Context(), env, c, slog.New(slog.DiscardHandler), Much)
	require.NoError(t, err)
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx) }()
	deliver(t, d, "m1", "order-one")
	require.Eventually(t, func() bool { sent, _ := d.Forwarders.done(); return sent == 1 }, clitest.Patience, time.Millisecond)
	m, err := js.GetMsg("EVENTS", 1)
	require.NoError(t, err)
	assert.Equal(t, "m1", m.Header.Get("Ce-Id"))
	assert.Equal(t, "order/order-one", m.Header.Get("Ce-Subject"))
	end()
	require.NoError(t, <-done)
	require.NoError(t, d.Close())
}
