package receiver_test

import (
	"bufio"
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// A verified request with any one bit changed is refused, or is the same delivery again: no
// event comes of it, and its row stays.
func TestOneChangedBitMakesNoEvent(t *testing.T) {
	t.Parallel()
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	handler := receiver.NewHandler(receiver.HandlerOptions{
		Log: log, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return receivertest.Start },
	}, signature.Policy{Secrets: []string{secret}})
	judge := func(raw []byte) (status int) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return http.StatusBadRequest // by the server
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	var raw bytes.Buffer
	url := "http://hooks.example.com" + receiver.DefaultPath
	require.NoError(t, receivertest.SignedRequestAt(t, url, []byte(recorded), secret, receivertest.Start).Write(&raw))
	require.Equal(t, http.StatusOK, judge(raw.Bytes()))
	rows, err := log.Rows(t.Context(), receiver.RowQuery{Updates: true})
	require.NoError(t, err)
	require.Len(t, rows, 1)

	var next, taken atomic.Int64
	var judging sync.WaitGroup
	bits := 8 * int64(raw.Len())
	for range 64 { // which share transactions
		judging.Go(func() {
			for bit := next.Add(1) - 1; bit < bits; bit = next.Add(1) - 1 {
				changed := slices.Clone(raw.Bytes())
				changed[bit/8] ^= 1 << (bit % 8)
				if judge(changed) == http.StatusOK {
					taken.Add(1)
				}
			}
		})
	}
	judging.Wait()
	events, err := log.Events(t.Context(), receiver.EventQuery{})
	require.NoError(t, err)
	for _, e := range events[1:] {
		assert.Fail(t, "another event", "%s: %q\n%s", e.Verdict, e.Headers, e.Raw)
	}
	after, err := log.Rows(t.Context(), receiver.RowQuery{Updates: true})
	require.NoError(t, err)
	assert.Equal(t, rows, after)
	assert.NotZero(t, taken.Load(), "what is not signed may change")
	assert.Less(t, taken.Load(), bits/2, "what is signed may not")
	t.Logf("%d bits, of which %d change nothing that counts", bits, taken.Load())
}
