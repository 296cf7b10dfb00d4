package bench

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

// load is what senders do.
type load struct {
	conns int
	// rate is how many deliveries they send in a second, at even intervals, however long the
	// answers take. 0: each sends the next one when it has the answer.
	rate int
}

func (l load) String() string {
	if l.rate > 0 {
		return fmt.Sprintf("%d a second", l.rate)
	}
	return fmt.Sprintf("%d connections", l.conns)
}

// waits are how long deliveries took: from when they were due until they were answered.
type waits []time.Duration

// percentile expects sorted waits.
func (w waits) percentile(p float64) time.Duration {
	return w[min(int(float64(len(w))*p/100), len(w)-1)]
}

// senders are connections that are open, and what they have measured.
type senders struct {
	all  []*sender
	from *deliveries
}

func connect(address string, conns int, from *deliveries) (*senders, error) {
	s := &senders{from: from}
	for range conns {
		one, err := dial(address)
		if err != nil {
			s.close()
			return nil, err
		}
		s.all = append(s.all, one)
	}
	return s, nil
}

func (s *senders) close() {
	for _, one := range s.all {
		_ = one.conn.Close()
	}
}

// send sends for a time. It returns the sorted waits, and how long all took.
func (s *senders) send(rate int, length time.Duration) (waits, time.Duration, error) {
	began := time.Now()
	next := atOnce(began.Add(length))
	if rate > 0 {
		next = evenly(began, rate, length)
	}
	measured, errs := make([]waits, len(s.all)), make([]error, len(s.all))
	var sending sync.WaitGroup
	for i, one := range s.all {
		sending.Go(func() {
			for errs[i] == nil {
				due, ok := next()
				if !ok {
					return
				}
				errs[i] = one.deliver(s.from.body(due), due)
				measured[i] = append(measured[i], time.Since(due))
			}
		})
	}
	sending.Wait()
	took := time.Since(began)
	all := waits(slices.Concat(measured...))
	slices.Sort(all)
	for _, err := range errs {
		if err != nil {
			return nil, 0, fmt.Errorf("after %d deliveries: %w", len(all), err)
		}
	}
	if len(all) == 0 {
		return nil, 0, fmt.Errorf("no delivery in %s", length)
	}
	return all, took, nil
}

// schedule returns when the next delivery is due; false: there are no more.
type schedule func() (due time.Time, ok bool)

// atOnce makes each delivery due when it is asked for.
func atOnce(end time.Time) schedule {
	return func() (time.Time, bool) {
		now := time.Now()
		return now, now.Before(end)
	}
}

// evenly makes deliveries due at even intervals.
func evenly(began time.Time, rate int, length time.Duration) schedule {
	n := int(float64(rate) * length.Seconds())
	due := make(chan time.Time, n) // all that become late have their place
	go func() {
		defer close(due)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for i := range n {
			at := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
			if wait := time.Until(at); wait > 0 {
				pause(wait)
			}
			due <- at
		}
	}()
	return func() (time.Time, bool) {
		at, ok := <-due
		return at, ok
	}
}
