package simulator

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// step is one change of a subject.
type step struct {
	// after is how long after the last one it comes, at speed 1.
	after     time.Duration
	status    string
	subStatus string // "": as it was
	final     bool
	// silent: no webhook is told, since only the sub-status changes.
	silent bool
}

// life is what becomes of one order or job, laid down before it begins.
type life struct {
	*subject
	ahead []step
	// next is how long after this life the next one begins, at speed 1.
	next time.Duration
}

// newLife lays down the life with a number. Nothing but the seed and the number
// decides on it.
func newLife(seed uint64, number int) *life {
	purpose := "life " + strconv.Itoa(number)
	r := rand.New(chance(seed, purpose))
	l := &life{subject: &subject{id: newIDs(seed, purpose+" id").next(), place: pick(r, places[:])}}
	l.next = between(r, 25, 55)
	switch dice := r.IntN(100); {
	case dice < 40:
		l.beJob(r)
	case dice < 78:
		l.beArchiveOrder(r)
	default:
		l.beTaskingOrder(r)
	}
	return l
}

func (l *life) beArchiveOrder(r *rand.Rand) {
	l.product, l.tags = pick(r, archiveProducts[:]), pick(r, tags[:])
	l.name = l.product.title + ", " + l.place.name
	l.add(0, "CREATED").add(between(r, 10, 20), "BEING_PLACED")
	switch dice := r.IntN(100); {
	case dice < 7:
		l.end(between(r, 10, 20), "PLACEMENT_FAILED")
		return
	case dice < 14:
		l.add(between(r, 10, 20), "PLACED").end(between(r, 10, 30), "CANCELED")
		return
	}
	l.fulfil(r)
}

func (l *life) beTaskingOrder(r *rand.Rand) {
	l.tasking, l.product, l.tags = true, pick(r, taskingProducts[:]), pick(r, tags[:])
	l.name = l.product.title + ", " + l.place.name
	l.add(0, "CREATED").refine(r, "FEASIBILITY_WAITING_UPLOAD").refine(r, "FEASIBILITY_WAITING_RESPONSE")
	l.refine(r, "QUOTATION_WAITING_UPLOAD").refine(r, "QUOTATION_WAITING_RESPONSE")
	if r.IntN(100) < 20 {
		l.refine(r, "QUOTATION_REJECTED").end(between(r, 10, 20), "CANCELED")
		return
	}
	l.refine(r, "QUOTATION_ACCEPTED").add(between(r, 10, 20), "BEING_PLACED")
	l.fulfil(r)
}

// fulfil goes from being placed to the end, good or bad.
func (l *life) fulfil(r *rand.Rand) {
	l.add(between(r, 10, 20), "PLACED").add(between(r, 10, 30), "BEING_FULFILLED")
	if r.IntN(100) < 12 {
		l.end(between(r, 15, 30), "FAILED_PERMANENTLY")
		return
	}
	l.end(between(r, 15, 30), "FULFILLED")
}

func (l *life) beJob(r *rand.Rand) {
	l.kind, l.process, l.credits = job, pick(r, processes[:]), 50+r.IntN(4000)
	l.name = l.process + ", " + l.place.name
	l.add(0, "created")
	dice := r.IntN(100)
	if dice < 4 {
		l.end(between(r, 5, 15), "unlicensed")
		return
	}
	l.add(between(r, 5, 15), "licensed")
	if dice < 9 {
		l.end(between(r, 5, 15), "invalid")
		return
	}
	l.add(between(r, 5, 15), "valid")
	if dice < 13 {
		l.end(between(r, 5, 15), "rejected")
		return
	}
	l.add(between(r, 5, 15), "accepted").add(between(r, 5, 15), "running")
	if dice < 23 {
		l.add(between(r, 15, 40), "failed").end(between(r, 5, 10), "released")
		return
	}
	l.add(between(r, 15, 40), "successful").end(between(r, 5, 10), "captured")
}

func (l *life) add(after time.Duration, status string) *life {
	l.ahead = append(l.ahead, step{after: after, status: status})
	return l
}

// refine changes the sub-status alone.
func (l *life) refine(r *rand.Rand, subStatus string) *life {
	status := l.ahead[len(l.ahead)-1].status
	l.ahead = append(l.ahead, step{after: between(r, 10, 20), status: status, subStatus: subStatus, silent: true})
	return l
}

func (l *life) end(after time.Duration, status string) {
	l.ahead = append(l.ahead, step{after: after, status: status, final: true})
}

// take takes the next step at a time and returns it.
func (l *life) take(at time.Time) step {
	taken := l.ahead[0]
	l.ahead = l.ahead[1:]
	l.change(taken, at)
	return taken
}

// between draws a time, in seconds.
func between(r *rand.Rand, from, to int) time.Duration {
	return time.Duration(from)*time.Second + time.Duration(r.Int64N(int64(time.Duration(to-from)*time.Second)))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
