package forward_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func TestMain(m *testing.M) {
	if address := os.Getenv("FORWARD_TEST_TARGET"); address != "" {
		beTarget(address, os.Getenv("FORWARD_TEST_FILE"))
		return
	}
	if mode := os.Getenv("UP42_STATUS"); mode != "" {
		beProgram(mode)
		return
	}
	goleak.VerifyTestMain(m)
}

func openLog(t testing.TB, file string) *sqlite.Log {
	t.Helper()
	log, err := sqlite.Open(context.Background(), file, sqlite.Options{})
	require.NoError(t, err)
	return log
}

func newLog(t testing.TB) *sqlite.Log {
	log := openLog(t, filepath.Join(t.TempDir(), "events.db"))
	t.Cleanup(func() { _ = log.Close() })
	return log
}

// event is one of an order's, or with id "" of none.
func event(id, status string, n int, v receiver.Verdict) *receiver.Event {
	order, err := json.Marshal(map[string]string{"orderId": id, "status": status})
	if err != nil {
		panic(err)
	}
	raw := fmt.Sprintf(`{"event":"order.status","messageId":"m%d","body":%s}`, n, order)
	m, err := receiver.Decode([]byte(raw))
	if err != nil {
		panic(err)
	}
	return &receiver.Event{
		Verdict: v, Message: m, Raw: []byte(raw), ReceivedAt: time.Now(),
		Proof: receiver.Proof{Components: []string{"date", "x-up42"}},
		Headers: []receiver.Header{
			{Name: "Content-Type", Value: "application/json"},
			{Name: "Date", Value: "d"},
			{Name: "Host", Value: "here"},
			{Name: "Signature", Value: "s"},
			{Name: "X-Other", Value: "o"},
			{Name: "X-Up42", Value: "u"},
		},
	}
}

func add(t testing.TB, log *sqlite.Log, events ...*receiver.Event) {
	t.Helper()
	for _, e := range events {
		_, err := log.Append(context.Background(), e)
		require.NoError(t, err)
	}
}

// fake is a target within the test.
type fake struct {
	name string
	away error                         // of Check
	send func(e *receiver.Event) error // nil: takes all

	mu    sync.Mutex
	taken []int64
	tries map[int64]int
	more  chan struct{}
}

func newFake(send func(*receiver.Event) error) *fake {
	return &fake{name: "fake", send: send, tries: map[int64]int{}, more: make(chan struct{}, 100_000)}
}

func (f *fake) Name() string                { return f.name }
func (f *fake) Check(context.Context) error { return f.away }
func (f *fake) Send(_ context.Context, e *receiver.Event) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries[e.Seq]++
	if f.send != nil {
		if err := f.send(e); err != nil {
			return err
		}
	}
	f.taken = append(f.taken, e.Seq)
	f.more <- struct{}{}
	return nil
}

// await waits until n events were taken in all.
func (f *fake) await(n int) {
	for {
		f.mu.Lock()
		have := len(f.taken)
		f.mu.Unlock()
		if have >= n {
			return
		}
		<-f.more
	}
}

func (f *fake) list() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]int64(nil), f.taken...)
}

func (f *fake) tried(seq int64) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tries[seq]
}

// run runs a forwarder until the returned function is called, which waits for
// its end.
func run(t testing.TB, o forward.Options) (*forward.Forwarder, func()) {
	t.Helper()
	f := forward.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	t.Cleanup(stop)
	return f, stop
}

// known has the target known to the ledger, from the beginning on.
func known(t testing.TB, log *sqlite.Log, name string) {
	require.NoError(t, log.SaveCheckpoint(context.Background(), name, receiver.Checkpoint{}))
}
