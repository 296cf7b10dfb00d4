//go:build unix

package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// concurrently has appenders store the events of orders until b.N events are stored. Each
// appender stores one event after the other. It reports what an event costs.
func concurrently(b *testing.B, appenders int, store func(*receiver.Event)) {
	lives := make([][]*receiver.Event, b.N/len(orderStatuses)+1)
	for i := range lives {
		lives[i] = orderEvents(b)
	}
	var next, left atomic.Int64
	left.Store(int64(b.N))
	var done sync.WaitGroup
	runtime.GC()
	processor, bytes := processorTime(b), written()
	b.ResetTimer()
	for range appenders {
		done.Go(func() {
			for {
				i := next.Add(1) - 1
				if i >= int64(len(lives)) {
					return
				}
				for _, e := range lives[i] {
					if left.Add(-1) < 0 {
						return
					}
					store(e)
				}
			}
		})
	}
	done.Wait()
	b.StopTimer()
	b.ReportMetric(float64(processorTime(b)-processor)/1e3/float64(b.N), "cpu-µs/op")
	if bytes > 0 {
		b.ReportMetric(float64(written()-bytes)/1e3/float64(b.N), "written-KB/op")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return u.Utime.Nano() + u.Stime.Nano()
}

// written returns how many bytes this process has written to files, 0 if the system does
// not say it. Unlike the time it does not depend on what else the machine does.
func written() (bytes int64) {
	io, _ := os.ReadFile("/proc/self/io")
	_, rest, _ := strings.Cut(string(io), "wchar: ")
	_, _ = fmt.Sscan(rest, &bytes)
	return bytes
}

func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{2, 32, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l := open(b, filepath.Join(b.TempDir(), "events.db"), sqlite.Options{})
			concurrently(b, n, func(e *receiver.Event) {
				if _, err := l.Append(b.Context(), e); err != nil {
					b.Error(err)
				}
			})
		})
	}
}
