//go:build unix

package forward_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// BenchmarkForward forwards stored events to a server that takes each at once, or after a
// few milliseconds.
func BenchmarkForward(b *testing.B) {
	for _, takes := range []time.Duration{0, 5 * time.Millisecond} {
		b.Run(fmt.Sprint(takes), func(b *testing.B) {
			log, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "events.db"), sqlite.Options{})
			require.NoError(b, err)
			defer func() { require.NoError(b, log.Close()) }()
			s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(takes) }))
			defer s.Close()
			target, err := forward.NewHTTP(forward.HTTPOptions{URL: s.URL})
			require.NoError(b, err)
			require.NoError(b, log.SaveCheckpoint(b.Context(), target.Name(), receiver.Checkpoint{}))
			events := make([]*receiver.Event, b.N)
			for i := range events {
				events[i] = event(fmt.Sprint("o", i), "PLACED")
			}
			_, err = log.AppendAll(b.Context(), events)
			require.NoError(b, err)
			b.ResetTimer()
			f, stop := run(b, forward.Options{Log: log, Checkpoints: log, Target: target})
			for f.Status().Sent < int64(b.N) {
				time.Sleep(time.Millisecond)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
			stop()
		})
	}
}
