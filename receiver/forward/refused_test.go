//go:build unix

package forward_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// choosy is the handler of a target that does not take the orders named bad-….
type choosy struct {
	refuse http.HandlerFunc

	mu    sync.Mutex
	taken map[string]bool // by order
	tries int             // for bad orders
}

func (c *choosy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.Method != http.MethodPost {
		return // a check
	}
	m, _ := receiver.Decode(body)
	c.mu.Lock()
	bad := strings.HasPrefix(m.ID, "bad-")
	if bad {
		c.tries++
	} else {
		if c.taken == nil {
			c.taken = map[string]bool{}
		}
		c.taken[m.ID] = true
	}
	c.mu.Unlock()
	if bad {
		c.refuse(w, r)
	}
}

// count returns how many good orders came, and how often bad ones did.
func (c *choosy) count() (taken, tries int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.taken), c.tries
}

func answer(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// addOrders adds events of bad orders, then of good ones.
func (r *rig) addOrders(bad, good int) {
	for i := range bad {
		r.add(event(fmt.Sprint("bad-", i), "PLACED"))
	}
	for i := range good {
		r.add(event(fmt.Sprint("good-", i), "PLACED"))
	}
}

func TestRefusedOrdersDelayNoOther(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		refuse    http.HandlerFunc
		permanent bool
	}{
		"400":                   {answer(400), true},
		"401":                   {answer(401), true},
		"404":                   {answer(404), true},
		"409":                   {answer(409), true},
		"410":                   {answer(410), true},
		"413":                   {answer(413), true},
		"422":                   {answer(422), true},
		"422 with Retry-After":  {answer(422, "Retry-After", "1"), true},
		"422 with nonsense":     {answer(422, "Retry-After", "tomorrow, perhaps"), true},
		"408":                   {answer(408), false},
		"425":                   {answer(425), false},
		"500":                   {answer(500), false},
		"501":                   {answer(501), false},
		"502 with Retry-After":  {answer(502, "Retry-After", "3600"), false},
		"503":                   {answer(503), false},
		"a redirect":            {answer(302, "Location", "/login"), false},
		"a closed connection":   {abort, false},
		"an unknown status 999": {answer(999), false},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, func(t *testing.T, r *rig) {
				bad, good := 40, 20
				if name == "422" {
					bad, good = 1000, 200
				}
				c := &choosy{refuse: tc.refuse}
				r.addOrders(bad, good)
				target := serve(t, c.ServeHTTP)
				r.name = target.Name()
				r.saveCheckpoint(receiver.Checkpoint{})
				_, stop := r.run(target)
				defer stop()
				time.Sleep(30 * time.Second)
				taken, _ := c.count()
				assert.Equal(t, good, taken)

				time.Sleep(5 * time.Minute)
				_, tries := c.count()
				failures := r.failures()
				if !tc.permanent {
					assert.Empty(t, failures)
					assert.Less(t, tries, bad*12, "the waits grow to minutes")
					return
				}
				assert.Equal(t, 3*bad, tries, "a few tries each")
				assert.Len(t, failures, bad)
				assert.Equal(t, receiver.Checkpoint{Cursor: int64(bad + good)}, r.checkpoint(), "no place is taken")
			})
		})
	}
}

func TestARefusedOrderIsTriedAgainOverMinutes(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return &forward.Refused{Reason: "no", Permanent: true} })
		r.add(event("a", "PLACED"), event("a", "FULFILLED"))
		_, stop := r.run(target)
		defer stop()
		time.Sleep(29 * time.Second)
		assert.Equal(t, 1, target.tried(1))
		time.Sleep(2 * time.Second)
		assert.Equal(t, 2, target.tried(1))
		target.heal()
		time.Sleep(2 * time.Minute)
		assert.Equal(t, []int64{1, 2}, target.list(), "in their order")
		assert.Empty(t, r.failures())
	})
}

func TestARefusedEventIsGivenUpInTimeEvenWithoutItsTries(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return &forward.Refused{Reason: "no", Permanent: true} })
		_, stop := r.run(target, func(o *forward.Options) { o.GiveUp = 10 * time.Second })
		defer stop()
		synctest.Wait()
		r.add(event("a", "PLACED"))
		time.Sleep(11 * time.Second)
		assert.Len(t, r.failures(), 1)
	})
}

func TestOnePoisonEventHoldsUpItsOrderOnly(t *testing.T) {
	t.Parallel()
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(e *receiver.Event) error {
			if e.ID == "bad" {
				return &forward.Refused{Reason: "no"}
			}
			return nil
		})
		const many = 3000 // several times what a forwarder holds in memory
		r.add(event("bad", "PLACED"))
		for i := range many {
			id := fmt.Sprint("good-", i%500)
			if i%20 == 0 {
				id = "bad"
			}
			r.add(event(id, "PLACED"))
		}
		f, stop := r.run(target)
		time.Sleep(time.Hour)
		assert.Len(t, target.list(), many-many/20)
		assert.Zero(t, r.checkpoint().Cursor)
		assert.EqualValues(t, many-many/20, f.Status().Ahead)
		target.heal()
		time.Sleep(time.Minute)
		stop()

		again := newFake(nil)
		_, stop = r.run(again)
		time.Sleep(3 * time.Minute)
		stop()
		assert.Equal(t, receiver.Checkpoint{Cursor: many + 1}, r.checkpoint())
		assert.Len(t, append(target.list(), again.list()...), many+1, "each once, across a restart")
	})
}

func TestOrdersOnWhichTheTargetHangsDelayNoOther(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		var taken atomic.Int64
		r.addOrders(2000, 200)
		_, stop := r.run(send(func(ctx context.Context, e *receiver.Event) error {
			if strings.HasPrefix(e.ID, "bad-") {
				return errors.Join(wait(ctx, 15*time.Second), errors.New("timeout"))
			}
			taken.Add(1)
			return nil
		}))
		defer stop()
		time.Sleep(2 * time.Minute)
		assert.EqualValues(t, 200, taken.Load())
	})
}

func TestATargetThatFailsForAllIsAskedWithOneEventAtATime(t *testing.T) {
	for name, fail := range map[string]error{
		"can't be reached": &forward.Unreachable{Err: fmt.Errorf("connection refused")},
		"answers 500":      &forward.Refused{Reason: "500"},
		"hangs":            context.DeadlineExceeded,
	} {
		t.Run(name, func(t *testing.T) {
			within(t, func(t *testing.T, r *rig) {
				var atOnce, most, tries atomic.Int64
				healed := make(chan struct{})
				target := send(func(ctx context.Context, _ *receiver.Event) error {
					now := atOnce.Add(1)
					defer atOnce.Add(-1)
					most.Store(max(most.Load(), now))
					tries.Add(1)
					select {
					case <-healed:
						return nil
					default:
						_ = wait(ctx, time.Second)
						return fail
					}
				})
				r.addOrders(0, 500)
				f, stop := r.run(target)
				defer stop()
				time.Sleep(time.Minute)
				most.Store(0)
				before := tries.Load()
				time.Sleep(time.Hour)
				assert.EqualValues(t, 1, most.Load())
				assert.InDelta(t, 75, tries.Load()-before, 25, "one in 36 to 60 s")
				assert.False(t, f.Status().Failing.IsZero())
				close(healed)
				time.Sleep(time.Minute)
				assert.EqualValues(t, 500, f.Status().Sent)
			})
		})
	}
}

func TestRetryAfterIsBelievedUpToAnHour(t *testing.T) {
	for name, tc := range map[string]struct {
		header []string
		least  time.Duration
		most   time.Duration
	}{
		"seconds":                 {[]string{"Retry-After", "600"}, 10 * time.Minute, 12 * time.Minute},
		"a date":                  {[]string{"Date", "Sat, 01 Jan 2000 00:00:00 GMT", "Retry-After", "Sat, 01 Jan 2000 00:10:00 GMT"}, 10 * time.Minute, 12 * time.Minute},
		"a date of a wrong clock": {[]string{"Date", "Mon, 01 Jan 1990 00:00:00 GMT", "Retry-After", "Mon, 01 Jan 1990 00:10:00 GMT"}, 10 * time.Minute, 12 * time.Minute},
		"a day":                   {[]string{"Retry-After", "86400"}, time.Hour, 62 * time.Minute},
		"for ever":                {[]string{"Retry-After", "99999999999999999999999"}, time.Hour, 62 * time.Minute},
		"the past":                {[]string{"Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"}, 0, time.Second},
		"a negative number":       {[]string{"Retry-After", "-5"}, 0, time.Second},
		"nonsense":                {[]string{"Retry-After", "later"}, 0, time.Second},
	} {
		for _, status := range []int{429, 500, 503} {
			if status == 500 && name != "seconds" {
				continue // as 503
			}
			t.Run(name+" with "+strconv.Itoa(status), func(t *testing.T) {
				within(t, func(t *testing.T, r *rig) {
					var times []time.Time
					target := serve(t, func(w http.ResponseWriter, req *http.Request) {
						if req.Method != http.MethodPost {
							return
						}
						if times = append(times, time.Now()); len(times) == 1 {
							answer(status, tc.header...)(w, req)
						}
					})
					r.name = target.Name()
					r.saveCheckpoint(receiver.Checkpoint{})
					r.add(event("a", "PLACED"))
					_, stop := r.run(target)
					time.Sleep(2 * time.Hour)
					stop()
					require.Len(t, times, 2)
					assert.GreaterOrEqual(t, times[1].Sub(times[0]), tc.least)
					assert.LessOrEqual(t, times[1].Sub(times[0]), tc.most)
				})
			})
		}
	}
}

func TestOneOrderThatAsksToWaitDelaysNoOther(t *testing.T) {
	for _, status := range []int{429, 503} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			within(t, func(t *testing.T, r *rig) {
				c := &choosy{refuse: answer(status, "Retry-After", "3600")}
				r.addOrders(1, 200)
				target := serve(t, c.ServeHTTP)
				r.name = target.Name()
				r.saveCheckpoint(receiver.Checkpoint{})
				_, stop := r.run(target)
				defer stop()
				time.Sleep(30 * time.Second)
				taken, _ := c.count()
				assert.Equal(t, 200, taken)
			})
		})
	}
}

// Over a real connection, with a target that hangs for some orders.
func TestRefusedOrdersOverARealConnection(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	c := &choosy{refuse: func(w http.ResponseWriter, r *http.Request) {
		if n, _ := strconv.Atoi(r.Header.Get(forward.SeqHeader)); n <= 3 {
			<-end // it hangs
		}
		w.WriteHeader(422)
	}}
	s := httptest.NewServer(c)
	defer s.Close()
	defer close(end)
	r := newRig(t)
	target := post(t, s.URL+"/hook", func(o *forward.HTTPOptions) { o.Timeout = time.Minute })
	r.name = target.Name()
	r.saveCheckpoint(receiver.Checkpoint{})
	r.addOrders(200, 50)
	_, stop := r.run(target)
	require.Eventually(t, func() bool { taken, tries := c.count(); return taken == 50 && tries == 200 }, time.Minute, 5*time.Millisecond)
	stop()
}
