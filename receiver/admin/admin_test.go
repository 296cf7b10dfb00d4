package admin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/limit"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func TestMain(m *testing.M) { testmain.Run(m) }

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	text, err := io.ReadAll(rec.Body)
	require.NoError(t, err)
	return rec.Code, string(text)
}

func open(t *testing.T) *sqlite.Log {
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = log.Close() })
	return log
}

// deliver sends a signed event of an order to the handler.
func deliver(t *testing.T, h http.Handler, id, secret string) {
	t.Helper()
	body := fmt.Sprintf(`{"event":"order.status","messageId":%q,"body":{"orderId":%q,"status":"PLACED"}}`, id, id)
	req := httptest.NewRequest(http.MethodPost, receiver.DefaultPath, strings.NewReader(body))
	signed := signature.Request{Header: req.Header, Host: req.Host, Body: []byte(body)}
	require.NoError(t, signature.Sign(signed, secret, nil, time.Now()))
	h.ServeHTTP(httptest.NewRecorder(), req)
}

func TestMetrics(t *testing.T) {
	log, tally := open(t), admin.NewTally()
	tally.Limited(limit.Connections)
	h := receiver.NewHandler(receiver.HandlerOptions{Log: tally.Time(log), OnRejected: tally.Rejected}, signature.Policy{Secrets: []string{"s"}})
	deliver(t, h, "a", "s")
	deliver(t, h, "a", "s")
	deliver(t, h, "b", "s")
	deliver(t, h, "c", "wrong")
	for c, v := (receiver.Counts{}), receiver.Version(0); c.Rejected == 0; { // it is counted a moment later
		var err error
		v, err = log.Wait(t.Context(), v)
		require.NoError(t, err)
		c, err = log.Counts(t.Context())
		require.NoError(t, err)
	}

	for range 7 {
		log.CountUnmatched()
	}
	require.Eventually(t, func() bool { c, err := log.Counts(t.Context()); return err == nil && c.Unmatched == 7 }, time.Minute, time.Millisecond)
	code, text := get(t, admin.New(admin.Options{
		Log: log, Tally: tally, Version: `1.2"3`, StoreBytes: func() int64 { return 4096 },
		Connections: func() int { return 3 }, BodyMemory: func() int64 { return 5 }, MemoryLimit: 6,
		More: func(w io.Writer) { fmt.Fprintln(w, "more 1") },
	}), "/metrics")
	assert.Equal(t, http.StatusOK, code)
	for _, line := range []string{
		`up42hooks_build_info{version="1.2\"3"} 1`,
		`up42hooks_ready 1`,
		`# TYPE up42hooks_deliveries_total counter`,
		`up42hooks_deliveries_total{verdict="verified"} 2`,
		`up42hooks_deliveries_total{verdict="rejected"} 1`,
		`up42hooks_duplicates_total 1`,
		`up42hooks_conflicts_total 0`,
		`up42hooks_rejections_total{reason="signature-mismatch"} 1`,
		`up42hooks_rows{kind="order"} 2`,
		`up42hooks_strays_total 7`,
		`up42hooks_store_bytes 4096`,
		`# TYPE up42hooks_store_seconds histogram`,
		`up42hooks_store_seconds_bucket{le="10"} 3`,
		`up42hooks_store_seconds_count 3`,
		`up42hooks_connections 3`,
		`up42hooks_body_memory_bytes 5`,
		`up42hooks_memory_limit_bytes 6`,
		`up42hooks_limits_total{limit="connections"} 1`,
		`up42hooks_limits_total{limit="slow-body"} 0`,
		`more 1`,
	} {
		assert.Contains(t, strings.Split(text, "\n"), line)
	}
	for _, name := range []string{"deliveries_total", "rows", "store_seconds", "rejections_total"} {
		assert.Equal(t, 1, strings.Count(text, "# TYPE up42hooks_"+name+" "), "%s", name)
	}
	assert.Contains(t, text, "up42hooks_last_arrival_timestamp_seconds ")
	assert.Contains(t, text, "process_resident_memory_bytes ")
	assertDescribed(t, text)
}

var typeLine = regexp.MustCompile(`^# TYPE (\S+) (counter|gauge|histogram|summary)$`)

// assertDescribed says that each series follows the help and the type of its metric, which
// come once.
func assertDescribed(t *testing.T, text string) {
	t.Helper()
	seen := map[string]bool{}
	name := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "# HELP "):
			words := strings.Fields(line)
			name = words[2]
			assert.Greater(t, len(words), 4, "a sentence: %s", line)
			assert.True(t, strings.HasSuffix(line, "."), line)
			assert.False(t, seen[name], "%s is described twice", name)
			seen[name] = true
		case strings.HasPrefix(line, "# TYPE "):
			require.Regexp(t, typeLine, line)
			assert.Equal(t, name, typeLine.FindStringSubmatch(line)[1])
		case line != "more 1":
			rest, ok := strings.CutPrefix(line, name)
			assert.True(t, ok && regexp.MustCompile(`^(_bucket|_sum|_count)?[{ ]`).MatchString(rest), "%s does not follow its help", line)
		}
	}
}

func TestReadyFollowsTheReceiverAndTheStore(t *testing.T) {
	log := open(t)
	var trouble error
	team := ""
	h := admin.New(admin.Options{Log: log, Ready: func() error { return trouble }, Team: func() string { return team }})
	code, text := get(t, h, "/readyz")
	assert.Equal(t, http.StatusOK, code)
	assert.Equal(t, "ready\n", text)
	team = "team UP42: 3 members"
	_, text = get(t, h, "/readyz")
	assert.Equal(t, "ready\nteam UP42: 3 members\n", text)

	trouble = errors.New("the disk is full")
	code, text = get(t, h, "/readyz")
	assert.Equal(t, http.StatusServiceUnavailable, code)
	assert.Equal(t, "not ready: the disk is full\n", text)
	code, _ = get(t, h, "/healthz")
	assert.Equal(t, http.StatusOK, code, "the program runs")
	_, text = get(t, h, "/metrics")
	assert.Contains(t, text, "up42hooks_ready 0\n")

	trouble = nil
	require.NoError(t, log.Close())
	code, _ = get(t, h, "/readyz")
	assert.Equal(t, http.StatusServiceUnavailable, code)
	_, text = get(t, h, "/metrics")
	assert.NotContains(t, text, "up42hooks_deliveries_total", "it is left out")
}

func TestOtherPathsAreNotFound(t *testing.T) {
	h := admin.New(admin.Options{Log: unreadable{}})
	for _, path := range []string{"/", "/metrics/x", "/debug/pprof/"} {
		code, _ := get(t, h, path)
		assert.Equal(t, http.StatusNotFound, code, path)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/metrics", nil))
	assert.Equal(t, http.StatusMethodNotAllowed, rec.Code)
}

type unreadable struct{ receiver.Reader }

func (unreadable) Counts(context.Context) (receiver.Counts, error) {
	return receiver.Counts{}, errors.New("must not be read")
}
