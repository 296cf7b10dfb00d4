package simulator

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// Faults say how calls to the API and to the sign-in fail. A share is the part of the calls
// that fail so, from 0 to 1: 0.1 is every tenth call. Which calls fail depends only on how
// many calls there were.
type Faults struct {
	// Latency is the delay before each answer.
	Latency time.Duration
	// TooMany is the share of calls that are answered with 429 and RetryAfter in the
	// header. RetryAfter is at least one second.
	TooMany    float64
	RetryAfter time.Duration
	// ServerError is the share of calls that are answered with 500.
	ServerError float64
	// HTML is the share of calls that are answered with 502 and a web page, as a gateway
	// does.
	HTML float64
	// Drop is the share of calls whose connection is closed without an answer. Such calls
	// have no effect.
	Drop float64
	// Truncate is the share of calls whose answer ends half way. Such calls have their
	// effect.
	Truncate float64
	// Unwrapped is the share of calls whose error, if they have one, comes without the
	// envelope, as {code, message, details}. It applies to the failures above too.
	Unwrapped float64
	// Expired is the share of calls with a token whose token expires just before.
	Expired float64
	// Calls is the number of calls after which the faults end. 0 is no end.
	Calls int
}

// failure is how one call fails.
type failure int

const (
	none failure = iota
	expired
	tooMany
	serverError
	html
	drop
	truncate
	failures // their number
)

// faultPlan decides how each call fails. The zero value lets no call fail. It is safe for
// concurrent use.
type faultPlan struct {
	mu sync.Mutex
	Faults
	// due grows by the share with each call. At 1 a call fails.
	due [failures]float64
	// unwrap is the same for errors without an envelope.
	unwrap float64
}

// nearly is 1 for sums of shares: ten times 0.1 is a little less than 1.
const nearly = 1 - 1e-9

func (p *faultPlan) set(f Faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Faults, p.due, p.unwrap = f, [failures]float64{}, 0
}

// next decides on the next call. If several failures are due, they follow one after the
// other. bare says that an error comes without the envelope.
func (p *faultPlan) next(hasToken bool) (f Faults, t failure, bare bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f = p.Faults
	shares := [failures]float64{
		tooMany: f.TooMany, serverError: f.ServerError, html: f.HTML, drop: f.Drop, truncate: f.Truncate,
	}
	if hasToken {
		shares[expired] = f.Expired
	}
	if p.unwrap += f.Unwrapped; p.unwrap >= nearly {
		bare = true
		p.unwrap--
	}
	for kind := expired; kind < failures; kind++ {
		p.due[kind] += shares[kind]
		if t == none && p.due[kind] >= nearly {
			t = kind
			p.due[kind]--
		}
	}
	if p.Calls > 0 {
		if p.Calls--; p.Calls == 0 {
			p.Faults, p.due, p.unwrap = Faults{}, [failures]float64{}, 0
		}
	}
	return f, t, bare
}

// apply makes a call fail if it is its turn. It returns the writer for the answer, nil if
// the call is answered already.
func (p *faultPlan) apply(w http.ResponseWriter, r *http.Request, valid *tokens) http.ResponseWriter {
	token := bearer(r)
	f, t, bare := p.next(token != "")
	if bare {
		w = withoutEnvelope{w}
	}
	if !retry.Sleep(r.Context(), f.Latency) {
		return nil
	}
	switch t {
	case expired:
		valid.forget(token)
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
		panic(http.ErrAbortHandler) // makes net/http close the connection
	case truncate:
		return truncated{w}
	}
	return w
}

// withoutEnvelope makes write send errors without the envelope.
type withoutEnvelope struct{ http.ResponseWriter }

func (w withoutEnvelope) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// truncated sends half of an answer.
type truncated struct{ http.ResponseWriter }

func (t truncated) Write(p []byte) (int, error) {
	_, _ = t.ResponseWriter.Write(p[:len(p)/2])
	_ = http.NewResponseController(t.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}
