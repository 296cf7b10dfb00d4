package simulator

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Faults are what goes wrong with calls to the API and to the sign-in. Each
// share is a part of the calls, from 0, none, to 1, all of them: 0.1 is every
// tenth. Which calls are hit follows from their number alone.
type Faults struct {
	// Latency passes before each answer.
	Latency time.Duration
	// TooMany is the share of calls that are answered 429, with RetryAfter (0: one
	// second) as UP42's wish.
	TooMany    float64
	RetryAfter time.Duration
	// ServerError is the share of calls that are answered 500.
	ServerError float64
	// HTML is the share of calls that are answered 502 by a gateway, with a web
	// page.
	HTML float64
	// Drop is the share of calls whose connection is closed without an answer;
	// they have no effect.
	Drop float64
	// Truncate is the share of calls whose answer breaks off half way; they have
	// had their effect.
	Truncate float64
	// Expired is the share of calls with a token that find it has expired.
	Expired float64
	// Calls is how many calls all of this lasts for; 0: until it is set anew.
	Calls int
}

// SetFaults replaces the faults, for the calls that come from now on. With a
// zero Faults all goes well again.
func (s *Simulator) SetFaults(f Faults) { s.faults.set(f) }

// ExpireTokens ends all tokens, refresh tokens too: who calls next has to sign
// in with the password.
func (s *Simulator) ExpireTokens() { s.tokens.forgetAll() }

// trouble is what goes wrong with one call.
type trouble int

const (
	none trouble = iota
	expired
	tooMany
	serverError
	html
	drop
	truncate
	troubles
)

// faultPlan says what goes wrong with each call. Its zero value is nothing. It
// is safe for concurrent use.
type faultPlan struct {
	mu sync.Mutex
	Faults
	// due is how much of each trouble is outstanding: from 1 on a call is hit.
	due [troubles]float64
}

func (p *faultPlan) set(f Faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Faults, p.due = f, [troubles]float64{}
}

// next plans the next call. What is due at once comes one after the other.
func (p *faultPlan) next(hasToken bool) (f Faults, t trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f = p.Faults
	shares := [troubles]float64{
		tooMany: f.TooMany, serverError: f.ServerError, html: f.HTML, drop: f.Drop, truncate: f.Truncate,
	}
	if hasToken {
		shares[expired] = f.Expired
	}
	const nearly = 1 - 1e-9 // ten times 0.1 is a little less than 1
	for kind := expired; kind < troubles; kind++ {
		p.due[kind] += shares[kind]
		if t == none && p.due[kind] >= nearly {
			t = kind
			p.due[kind]--
		}
	}
	if p.Calls > 0 {
		if p.Calls--; p.Calls == 0 {
			p.Faults, p.due = Faults{}, [troubles]float64{}
		}
	}
	return f, t
}

// disturb does to a call what is planned for it. It returns what to answer it
// with, nil where it has been answered.
func (s *Simulator) disturb(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	token := bearer(r)
	f, t := s.faults.next(token != "")
	if !pass(r.Context(), f.Latency) {
		return nil
	}
	switch t {
	case expired:
		s.tokens.forget(token)
	case tooMany:
		a := refuse(http.StatusTooManyRequests, "Too many requests")
		seconds := int(math.Ceil(max(f.RetryAfter, time.Second).Seconds()))
		a.header = map[string]string{"Retry-After": strconv.Itoa(seconds)}
		write(w, a)
		return nil
	case serverError:
		write(w, refuse(http.StatusInternalServerError, "Internal Server Error"))
		return nil
	case html:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"))
		return nil
	case drop:
		panic(http.ErrAbortHandler) // how net/http is told to close the connection
	case truncate:
		return truncated{w}
	}
	return w
}

// truncated breaks an answer off half way.
type truncated struct{ http.ResponseWriter }

func (t truncated) Write(p []byte) (int, error) {
	_, _ = t.ResponseWriter.Write(p[:len(p)/2])
	_ = http.NewResponseController(t.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}

// pass lets a time pass and says whether it did, before ctx ended.
func pass(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
