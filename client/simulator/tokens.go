package simulator

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// The lifetimes of tokens.
const (
	accessLife  = 5 * time.Minute
	refreshLife = 30 * time.Minute
)

// tokens are the valid tokens with the times at which they expire. It is safe for
// concurrent use.
type tokens struct {
	now func() time.Time
	ids *ids

	mu              sync.Mutex
	access, refresh map[string]time.Time
	// sweepAt is the number of refresh tokens at which expired tokens are removed.
	sweepAt int
}

const sweepFrom = 256

func newTokens(seed uint64, now func() time.Time) *tokens {
	t := &tokens{now: now, ids: newIDs(seed, "tokens")}
	t.forgetAll()
	return t
}

// issue makes an access token and its refresh token.
func (t *tokens) issue() (access, refresh string) {
	access, refresh = t.ids.token(), t.ids.token()
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	t.access[access], t.refresh[refresh] = now.Add(accessLife), now.Add(refreshLife)
	if len(t.refresh) > t.sweepAt {
		sweep(t.access, now)
		sweep(t.refresh, now)
		t.sweepAt = max(sweepFrom, 2*len(t.refresh))
	}
	return access, refresh
}

func sweep(m map[string]time.Time, now time.Time) {
	for token, end := range m {
		if !now.Before(end) {
			delete(m, token)
		}
	}
}

func (t *tokens) valid(access string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	end, ok := t.access[access]
	return ok && t.now().Before(end)
}

// redeem uses a refresh token. It is valid only once.
func (t *tokens) redeem(refresh string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	end, ok := t.refresh[refresh]
	delete(t.refresh, refresh)
	return ok && t.now().Before(end)
}

// forget makes an access token invalid.
func (t *tokens) forget(access string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.access, access)
}

// forgetAll makes all tokens invalid.
func (t *tokens) forgetAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access, t.refresh = map[string]time.Time{}, map[string]time.Time{}
	t.sweepAt = sweepFrom
}

// bearer returns the token of a request, empty if it has none.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
