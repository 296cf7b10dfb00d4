package limit

import "time"

// pace is how long a connection must be in a phase before it may be closed for any other one.
type pace struct {
	fresh time.Duration // a new connection, to send something
	idle  time.Duration // one that was answered before: its next request may be on its way
	slow  time.Duration // to send a request or to read an answer
}

// usualPace is the pace until connections have come faster than others end for a second.
var usualPace = pace{50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond}

// lingerTime is the time of a connection that is answered and is closed next.
const lingerTime = 20 * time.Millisecond

// paceOf returns the pace of a listener with a number of connections. If there are few, they
// take turns faster, so that whoever waits behind hundreds of others has a turn soon.
func paceOf(conns int) pace {
	const usual, least = 512, 512 / 10 // times a tenth at most
	p, n := usualPace, time.Duration(min(max(conns, least), usual))
	return pace{p.fresh * n / usual, p.idle * n / usual, p.slow * n / usual}
}

// victim returns the connection that gives way to a new one of a peer, and the limit
// that this is. It is nil if all have to stay.
//
// Only connections of peers that have more than their share give way. The first to go are
// those that are answered, then those without a request, then those that are slow. If the
// new connection is within its peer's share, it need not wait until one of the others is
// idle or slow: only those that the server works on stay. If there are so many peers that
// a share is a single connection, all take turns: perhaps nobody has more than that.
func (l *Listener) victim(newcomer *Conn, now time.Time) (*Conn, Limit) {
	share, others := l.share(newcomer)
	within := l.peers[newcomer.peer]+1 <= share
	best, bestRank := l.first(now, within, func(c *Conn) bool { return !others || !l.within(c, newcomer, share) })
	if best == nil && share == 1 {
		within = false
		best, bestRank = l.first(now, false, func(*Conn) bool { return true })
	}
	switch {
	case best == nil:
		return nil, ""
	case within && others && best.peer != newcomer.peer:
		return best, PeerShare
	case bestRank <= rankIdle:
		return best, IdleConnection
	default:
		return best, SlowConnection
	}
}

// first returns the connection that is the first to go of those that may, and its rank.
// It is nil if all have to stay. If forced, no phase is too young.
func (l *Listener) first(now time.Time, forced bool, may func(*Conn) bool) (best *Conn, bestRank int) {
	var bestSince time.Time
	for _, c := range l.open {
		if !may(c) {
			continue
		}
		rank, since, ok := c.rank(now, forced, l.pace)
		if ok && (best == nil || rank < bestRank || rank == bestRank && since.Before(bestSince)) {
			best, bestRank, bestSince = c, rank, since
		}
	}
	return best, bestRank
}

// within says whether the peer of c would have no more than its share with the newcomer.
func (l *Listener) within(c, newcomer *Conn, share int) bool {
	n := l.peers[c.peer]
	if c.peer == newcomer.peer {
		n++
	}
	return n <= share
}

// share returns how many connections each peer may have while others wait, and whether
// there are other peers than the newcomer's.
func (l *Listener) share(newcomer *Conn) (share int, others bool) {
	n := len(l.peers)
	if l.peers[newcomer.peer] == 0 {
		n++
	}
	return max(1, l.max/n), n > 1
}

// The order in which connections give way.
const (
	rankClosing = iota
	rankIdle
	rankSlow
	rankForced
)

// rank returns the connection's place in the order in which connections give way. ok is
// false if it may stay. If forced, no phase is too young.
func (c *Conn) rank(now time.Time, forced bool, p pace) (rank int, since time.Time, ok bool) {
	c.mu.Lock()
	phase, since, fresh := c.phase, c.since, c.fresh
	c.mu.Unlock()
	least := p.slow
	switch {
	case phase == Busy || phase == gone:
		return 0, since, false
	case phase == Closing:
		rank, least = rankClosing, lingerTime
	case phase == Waiting && fresh:
		rank, least = rankIdle, p.fresh
	case phase == Waiting:
		rank, least = rankIdle, p.idle
	default:
		rank = rankSlow
	}
	if now.Sub(since) >= least {
		return rank, since, true
	}
	return rankForced, since, forced
}

// take marks the connection as gone, unless it has got busy since it was looked at or a
// request is waiting to be read. It returns the phase until then.
func (c *Conn) take(now time.Time) (was Phase, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.phase {
	case Busy, gone:
		return c.phase, false
	case Waiting:
		if pending(c.Conn) {
			c.phase, c.since = Head, now
			return c.phase, false
		}
	}
	was, c.phase = c.phase, gone
	c.owed = was == Waiting
	if c.onGone != nil {
		c.onGone()
	}
	return was, true
}
