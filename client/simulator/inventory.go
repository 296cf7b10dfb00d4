package simulator

import (
	"net/http"
	"sync"
	"time"
)

// inventory has the orders and jobs of an account. It is safe for concurrent use.
type inventory struct {
	account account
	now     func() time.Time

	mu     sync.Mutex
	orders subjectList
	jobs   subjectList
}

// list returns the list of a kind. The caller holds the lock.
func (in *inventory) list(k kind) *subjectList {
	if k == job {
		return &in.jobs
	}
	return &in.orders
}

func (in *inventory) add(x *subject) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.list(x.kind).add(x)
}

// change makes the next step of a scenario. It returns a copy of the changed subject. ok is
// false if the scenario ends without that step, because the order was cancelled.
func (in *inventory) change(s *scenario, at time.Time) (changed subject, ok bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if s.cancelled {
		s.ahead = nil
		return changed, false
	}
	s.take(at)
	if len(s.ahead) == 0 {
		in.list(s.kind).trim()
	}
	return *s.subject, true
}

// newestOrder returns a copy of the newest order. Without orders it is one that UP42 does
// not know.
func (in *inventory) newestOrder() subject {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.orders) == 0 {
		return subject{kind: order, id: named("an order that does not exist"), product: archiveProducts[0]}
	}
	return *in.orders[len(in.orders)-1]
}

// show answers with the view of the subject whose id is in the path.
func (in *inventory) show(r *http.Request, k kind, missing string, view func(*subject) any) answer {
	in.mu.Lock()
	defer in.mu.Unlock()
	x := in.list(k).find(r.PathValue("id"))
	if x == nil {
		return refuse(http.StatusNotFound, missing)
	}
	return ok(view(x))
}
