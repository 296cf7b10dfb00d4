//go:build unix

package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// largeFile is the environment variable with the path of the store for the benchmarks of a
// large store. If the file does not exist, they make it with a million events, which takes
// about a minute.
const largeFile = "UP42_LARGE_STORE"

// large opens the large store, with a million events of 200,000 orders. Without
// UP42_LARGE_STORE it makes one of 50,000 events.
func large(b *testing.B) *sqlite.Log {
	file, events := os.Getenv(largeFile), 1_000_000
	if file == "" {
		file, events = filepath.Join(b.TempDir(), "large.db"), 50_000
	}
	l := open(b, file, sqlite.Options{})
	if missing := events - int(counts(b, l).LastSeq); missing > 0 {
		fillStore(b, l, missing)
	}
	return l
}

// fillStore appends n events, five for each order, of a thousand orders at a time.
func fillStore(b *testing.B, l *sqlite.Log, n int) {
	for n > 0 {
		lives := make([][]*receiver.Event, 1000)
		for i := range lives {
			lives[i] = orderEvents(b)
		}
		for step := range orderStatuses {
			rand.Shuffle(len(lives), func(i, k int) { lives[i], lives[k] = lives[k], lives[i] })
			batch := make([]*receiver.Event, len(lives))
			for i := range lives {
				batch[i] = lives[i][step]
			}
			_, err := l.AppendAll(b.Context(), batch)
			require.NoError(b, err)
			n -= len(batch)
		}
	}
}

func BenchmarkLarge(b *testing.B) {
	l := large(b)
	last := counts(b, l).LastSeq
	b.Run("open and first page", func(b *testing.B) {
		for b.Loop() {
			v, err := sqlite.Open(b.Context(), l.File(), sqlite.Options{ReadOnly: true})
			require.NoError(b, err)
			_, err = v.Rows(b.Context(), receiver.RowQuery{Kind: receiver.Order, Limit: 200})
			require.NoError(b, err)
			require.NoError(b, v.Close())
		}
	})
	read := func(name string, f func() (int, error)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				got, err := f()
				require.NoError(b, err)
				n += got
			}
			b.ReportMetric(float64(n)/float64(b.N), "rows/op")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/row")
		})
	}
	rows := func(q receiver.RowQuery) func() (int, error) {
		return func() (int, error) {
			page, err := l.Rows(context.Background(), q)
			return len(page), err
		}
	}
	read("200 rows", rows(receiver.RowQuery{Kind: receiver.Order, Limit: 200}))
	read("200 rows of both kinds, old", rows(receiver.RowQuery{Limit: 200, Before: last / 2}))
	read("200 rows with points", rows(receiver.RowQuery{Kind: receiver.Order, Limit: 200, Updates: true}))
	read("all rows in chunks", func() (n int, _ error) {
		q := receiver.RowQuery{Kind: receiver.Order, Limit: 5000}
		for {
			page, err := l.Rows(context.Background(), q)
			if len(page) == 0 || err != nil {
				return n, err
			}
			n += len(page)
			q.Before = page[len(page)-1].Seq
		}
	})
	read("100 events since", func() (int, error) {
		page, err := l.Events(context.Background(), receiver.EventQuery{Since: start, Before: last / 2})
		return len(page), err
	})
	read("1,000 events", func() (int, error) {
		page, err := l.Next(context.Background(), last/2, 1000)
		return len(page), err
	})
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			counts(b, l)
		}
	})
	b.Run("append", func(b *testing.B) {
		concurrently(b, 256, func(e *receiver.Event) {
			if _, err := l.Append(b.Context(), e); err != nil {
				b.Error(err)
			}
		})
	})
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
			runtime.GC()
		}
		b.ReportMetric(resident(b), "MB-resident")
	})
}

// resident returns the memory of the process, in MB.
func resident(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no such figure here:", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kb float64
	_, err = fmt.Sscan(rest, &kb)
	require.NoError(b, err)
	return kb / 1000
}
