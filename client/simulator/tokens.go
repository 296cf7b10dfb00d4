package simulator

import (
	"sync"
	"time"
)

// How long tokens live.
const (
	accessLife  = 5 * time.Minute
	refreshLife = 30 * time.Minute
)

// tokens are the tokens that were given out, each with its end. It is safe for
// concurrent use.
type tokens struct {
	now func() time.Time
	ids *ids

	mu              sync.Mutex
	access, refresh map[string]time.Time
	// sweepAt is how many access tokens there may be before the dead ones are
	// swept out.
	sweepAt int
}

const sweepFrom = 256

func newTokens(seed uint64, now func() time.Time) *tokens {
	t := &tokens{now: now, ids: newIDs(seed, "tokens")}
	t.forgetAll()
	return t
}

// issue makes an access token and the refresh token that goes with it.
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

// redeem takes a refresh token, which is good for once.
func (t *tokens) redeem(refresh string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	end, ok := t.refresh[refresh]
	delete(t.refresh, refresh)
	return ok && t.now().Before(end)
}

// forget ends one access token.
func (t *tokens) forget(access string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.access, access)
}

// forgetAll ends all tokens.
func (t *tokens) forgetAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access, t.refresh = map[string]time.Time{}, map[string]time.Time{}
	t.sweepAt = sweepFrom
}
