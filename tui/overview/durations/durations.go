// Package durations says how long orders stay in each status, by data host.
package durations

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Hosts is how many data hosts a Table has at most: those with most orders.
const Hosts = 5

// Line is about a status of the orders of one data host.
type Line struct {
	Host   string
	Status receiver.Status
	// N is how often an order has left the status. Median and P90 are of the times until then.
	N           int
	Median, P90 time.Duration
}

// Table has the lines of the hosts with most orders, and of each host the statuses in the order
// in which UP42 documents them.
type Table struct {
	Lines []Line
	// Limited says that the log has more orders than were read.
	Limited bool
}

// host collects times of one data host.
type host struct {
	name   string
	orders int
	times  map[receiver.Status][]time.Duration
}

// add takes an order. The present status is not over, so it says nothing yet.
func (h *host) add(r *receiver.Row) {
	h.orders++
	var status receiver.Status
	var since time.Time
	for _, u := range r.Updates {
		to := receiver.Status(u.Status.Canonical())
		if u.Trust != r.Trust || to == "" || to == status {
			continue
		}
		if status != "" {
			h.times[status] = append(h.times[status], u.At.Sub(since))
		}
		status, since = to, u.At
	}
}

// lines returns a line for each status that an order has left.
func (h *host) lines() (out []Line) {
	for s, all := range h.times {
		slices.Sort(all)
		out = append(out, Line{Host: h.name, Status: s, N: len(all), Median: median(all), P90: p90(all)})
	}
	slices.SortFunc(out, func(a, b Line) int {
		return cmp.Or(cmp.Compare(place(a.Status), place(b.Status)), cmp.Compare(a.Status, b.Status))
	})
	return out
}

// place is the place of a status among those that UP42 documents. Others come last.
func place(s receiver.Status) int {
	known := receiver.Order.Statuses()
	i := slices.IndexFunc(known, func(k receiver.KnownStatus) bool { return k.Name.Is(s) })
	if i < 0 {
		return len(known)
	}
	return i
}

// median is the middle of sorted times, or the mean of the two in the middle.
func median(sorted []time.Duration) time.Duration {
	a, b := sorted[(len(sorted)-1)/2], sorted[len(sorted)/2]
	return a + (b-a)/2
}

// p90 is the least of sorted times that nine of ten don't exceed.
func p90(sorted []time.Duration) time.Duration { return sorted[(9*len(sorted)+9)/10-1] }

// hosts are the data hosts by name.
type hosts map[string]*host

// add takes an order. Test orders, and those whose host is not known, are left out.
func (hs hosts) add(r *receiver.Row) {
	if r.Test || r.Host == "" {
		return
	}
	h := hs[r.Host]
	if h == nil {
		h = &host{name: r.Host, times: map[receiver.Status][]time.Duration{}}
		hs[r.Host] = h
	}
	h.add(r)
}

// lines returns the lines of the hosts with most orders.
func (hs hosts) lines() (out []Line) {
	var all []*host
	for _, h := range hs {
		if len(h.times) > 0 {
			all = append(all, h)
		}
	}
	slices.SortFunc(all, func(a, b *host) int {
		return cmp.Or(cmp.Compare(b.orders, a.orders), strings.Compare(a.name, b.name))
	})
	for _, h := range all[:min(Hosts, len(all))] {
		out = append(out, h.lines()...)
	}
	return out
}
