package torture

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// target takes forwarded events.
type target struct {
	URL string

	mu    sync.Mutex
	first map[string][]string // the messages of each order, as they came for the first time
	seen  map[string]bool
	times int // how often events came
}

func newTarget(t *testing.T) *target {
	g := &target{first: map[string][]string{}, seen: map[string]bool{}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	g.URL = server.URL
	return g
}

func (g *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m struct {
		MessageID string
		Body      struct{ OrderID string }
	}
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.times++
	if !g.seen[m.MessageID] {
		g.seen[m.MessageID] = true
		g.first[m.Body.OrderID] = append(g.first[m.Body.OrderID], m.MessageID)
	}
}

// has reports whether all these messages have come.
func (g *target) has(messages []string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, id := range messages {
		if !g.seen[id] {
			return false
		}
	}
	return true
}

// await waits until all these messages have come, or no event comes for so long. It returns what
// missing does.
func (g *target) await(ctx context.Context, messages iter.Seq[string], quiet time.Duration) (n, times int) {
	before, changed := -1, time.Now()
	for time.Since(changed) < quiet {
		if n, times = g.missing(messages); n == 0 {
			break
		}
		if times != before {
			before, changed = times, time.Now()
		}
		retry.Sleep(ctx, 50*time.Millisecond)
	}
	return n, times
}

// missing returns how many of these messages have not come, and how often events came.
func (g *target) missing(messages iter.Seq[string]) (n, times int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for id := range messages {
		if !g.seen[id] {
			n++
		}
	}
	return n, g.times
}

// order returns the messages of an order, as they came for the first time.
func (g *target) order(id string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.first[id]
}
