package jetstream_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// delivered is an event of 1 KB, as it comes.
func delivered(i int) *receiver.Event {
	e := receivertest.Order(fmt.Sprint("order-", i/4), "PLACED", withID(i))
	e.Raw = append(e.Raw, strings.Repeat(" ", 1000-len(e.Raw))...)
	return e
}

func newStore(b *testing.B) *sqlite.Log {
	b.Helper()
	log, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(b, err)
	b.Cleanup(func() { _ = log.Close() })
	return log
}

// member runs a member until end is called.
func member(b *testing.B, url string, store *sqlite.Log) (t *jetstream.Team, end func()) {
	b.Helper()
	t = jetstream.New(jetstream.Options{Servers: []string{url}, Store: store, Member: "bench"})
	require.NoError(b, t.Prepare(b.Context()))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- t.Run(ctx) }()
	return t, func() { stop(); <-done }
}

// historyEvents names how many events BenchmarkHistory has.
const historyEvents = "UP42_TEAM_HISTORY"

func historySize(b *testing.B) int {
	b.Helper()
	text := os.Getenv(historyEvents)
	if text == "" {
		return 10_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(b, err)
	return n
}

// filled is a store with so many events, as an import makes it.
func filled(b *testing.B, n int) *sqlite.Log {
	b.Helper()
	store := newStore(b)
	for i := 0; i < n; {
		var chunk []*receiver.Event
		for ; len(chunk) < 2000 && i < n; i++ {
			chunk = append(chunk, delivered(i))
		}
		_, err := store.AppendAll(b.Context(), chunk)
		require.NoError(b, err)
	}
	return store
}

// timeOfImport exports a store and imports it into another one. It returns how long the import took.
func timeOfImport(b *testing.B, store *sqlite.Log) time.Duration {
	b.Helper()
	dir := b.TempDir()
	file, err := os.Create(filepath.Join(dir, "export.jsonl"))
	require.NoError(b, err)
	defer file.Close()
	require.NoError(b, store.Export(b.Context(), file))
	_, err = file.Seek(0, io.SeekStart)
	require.NoError(b, err)
	began := time.Now()
	_, err = sqlite.Import(b.Context(), filepath.Join(dir, "imported.db"), file)
	require.NoError(b, err)
	return time.Since(began)
}

// BenchmarkHistory measures how fast a store gives its history to a stream, how fast a new
// member reads it, and how long that takes compared with an import of the same events. The variable
// UP42_TEAM_HISTORY says how many there are.
func BenchmarkHistory(b *testing.B) {
	n := historySize(b)
	for b.Loop() {
		s := natstest.Start(b)
		store := filled(b, n)
		imported := timeOfImport(b, store)
		b.ReportMetric(float64(n)/imported.Seconds(), "imported/s")
		began := time.Now()
		t, end := member(b, s.URL(), store)
		for t.Await(b.Context(), int64(n)) != nil {
		}
		b.ReportMetric(float64(n)/time.Since(began).Seconds(), "published/s")
		end()
		laptop := newStore(b)
		began = time.Now()
		o := jetstream.Options{Servers: []string{s.URL()}, Store: laptop, FollowOnly: true}
		require.NoError(b, jetstream.New(o).CatchUp(b.Context()))
		read := time.Since(began)
		counts, err := laptop.Counts(b.Context())
		require.NoError(b, err)
		require.EqualValues(b, n, counts.Events())
		b.ReportMetric(float64(n)/read.Seconds(), "read/s")
		b.ReportMetric(read.Seconds()/imported.Seconds(), "imports")
	}
}

// BenchmarkAppend measures what publishing costs a receiver whose senders are as fast as they can.
func BenchmarkAppend(b *testing.B) {
	for _, withTeam := range []bool{false, true, false, true} {
		b.Run(fmt.Sprint("team=", withTeam), func(b *testing.B) {
			store := newStore(b)
			if withTeam {
				s := natstest.Start(b)
				_, end := member(b, s.URL(), store)
				defer end()
			}
			var n atomic.Int64
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := store.Append(b.Context(), delivered(int(n.Add(1)))); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkToAnotherMachine measures the time from the commit on one member to the row on
// another, at 1,000 events a second.
func BenchmarkToAnotherMachine(b *testing.B) {
	const rate, events = 1000, 5000
	for b.Loop() {
		s := natstest.Start(b)
		one, two := newStore(b), newStore(b)
		_, end := member(b, s.URL(), one)
		_, end2 := member(b, s.URL(), two)
		var mu sync.Mutex
		sent, took := map[string]time.Time{}, []time.Duration(nil)
		var working sync.WaitGroup
		working.Go(func() {
			for after := int64(0); after < events; {
				page, err := two.Next(b.Context(), after, 256)
				if err != nil {
					b.Error(err)
					return
				}
				after = page[len(page)-1].Seq
				mu.Lock()
				for _, e := range page {
					took = append(took, time.Since(sent[e.MessageID]))
				}
				mu.Unlock()
			}
		})
		began := time.Now()
		for i := range events {
			time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / rate)))
			working.Go(func() {
				e := delivered(i)
				mu.Lock()
				sent[e.MessageID] = time.Now()
				mu.Unlock()
				_, err := one.Append(b.Context(), e)
				mu.Lock()
				sent[e.MessageID] = time.Now()
				mu.Unlock()
				if err != nil {
					b.Error(err)
				}
			})
		}
		working.Wait()
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
		end()
		end2()
	}
}
