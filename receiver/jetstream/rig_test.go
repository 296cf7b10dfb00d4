package jetstream_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
)

// patience bounds each wait of these tests in which nothing happens. One that passes does not wait so long.
const patience = time.Minute

// memory is a store in memory.
type memory struct {
	*receivertest.Log

	mu    sync.Mutex
	state streams.State
}

func newMemory() *memory { return &memory{Log: receivertest.NewLog()} }

func (m *memory) Stream(_ context.Context, name string) (streams.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.state
	s.Name = name
	return s, nil
}

func (m *memory) BeginStream(ctx context.Context, s streams.State, reader string) error {
	m.mu.Lock()
	m.state = s
	m.mu.Unlock()
	if reader == "" {
		return nil
	}
	return m.SaveCheckpoint(ctx, reader, checkpointAt(0))
}

func (m *memory) AppendStream(ctx context.Context, s streams.State, events ...*receiver.Event) (all []receiver.Receipt, err error) {
	for _, e := range events {
		r, err := m.Append(ctx, e)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state = s
	return all, nil
}

func (m *memory) AppendAll(ctx context.Context, events []*receiver.Event) (all []receiver.Receipt, err error) {
	for _, e := range events {
		r, err := m.Append(ctx, e)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// join has a member work until the end of the test, or until leave is called.
func join(t *testing.T, o jetstream.Options) (team *jetstream.Team, leave func()) {
	t.Helper()
	team = jetstream.New(o)
	return team, run(t, team)
}

func run(t *testing.T, team *jetstream.Team) (leave func()) {
	t.Helper()
	require.NoError(t, team.Prepare(t.Context()))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- team.Run(ctx) }()
	leave = sync.OnceFunc(func() {
		stop()
		require.NoError(t, <-done)
	})
	t.Cleanup(leave)
	return leave
}

// warnings are the lines of a log that are more than information.
type warnings struct {
	mu    sync.Mutex
	lines []string
}

func (w *warnings) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

func (w *warnings) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, string(line))
	return len(line), nil
}

func (w *warnings) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.lines)
}

// say waits until a line has a text, and requires that no other has it.
func (w *warnings) say(t *testing.T, text string) {
	t.Helper()
	has := func(line string) bool { return strings.Contains(line, text) }
	await(t, "the log says "+text, func() bool { return slices.ContainsFunc(w.all(), has) })
	require.Len(t, slices.DeleteFunc(w.all(), func(line string) bool { return !has(line) }), 1, "it says so once")
}

// admin is a connection of the owner of the servers.
func admin(t *testing.T, url string, options ...nats.Option) natsjs.JetStream {
	t.Helper()
	nc, err := nats.Connect(url, options...)
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := natsjs.New(nc)
	require.NoError(t, err)
	return js
}

// messages returns the messages of a stream.
func messages(t *testing.T, js natsjs.JetStream, name string) (all []*natsjs.RawStreamMsg) {
	t.Helper()
	s, err := js.Stream(t.Context(), name)
	require.NoError(t, err)
	state := s.CachedInfo().State
	for seq := max(1, state.FirstSeq); seq <= state.LastSeq; seq++ {
		m, err := s.GetMsg(t.Context(), seq)
		require.NoError(t, err)
		all = append(all, m)
	}
	return all
}

// await waits until something is true.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, patience, 10*time.Millisecond, what)
}

// published waits until the stream has all events of a store, as long as some come.
func published(t *testing.T, team *jetstream.Team, seq int64) {
	t.Helper()
	came := func() int64 { s := team.Status(); return s.Published + s.Known }
	for before, since := came(), time.Now(); ; {
		err := team.Await(t.Context(), seq)
		if err == nil {
			return
		}
		if now := came(); now != before {
			before, since = now, time.Now()
		}
		require.Less(t, time.Since(since), patience, "the event does not come into the stream: %v", err)
		time.Sleep(20 * time.Millisecond) // the stream does not work for longer than Await waits
	}
}
