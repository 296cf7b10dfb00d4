package jetstream

import (
	"sync"
	"time"
)

// serverClock tells the time of the servers. It uses no clock that people set, but for one look at
// theirs.
type serverClock struct {
	at      time.Time     // the servers' time at a look
	then    time.Duration // the own clock at that look
	elapsed func() time.Duration
}

func (c *serverClock) now() time.Time { return c.at.Add(c.elapsed() - c.then) }

// clocks knows how the clocks of other members are set. It is safe for concurrent use.
type clocks struct {
	mu    sync.Mutex
	known map[string]time.Duration // by name: how far one is ahead of that of the servers
}

// mostClocks bounds how many are known: names come from outside.
const mostClocks = 1000

func newClocks() *clocks { return &clocks{known: map[string]time.Duration{}} }

// saw notes what a message says about the clock of its author.
func (c *clocks) saw(member string, ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch _, known := c.known[member]; {
	case ahead == 0 && !known:
		return
	case !known && len(c.known) >= mostClocks:
		clear(c.known)
	}
	c.known[member] = ahead
}

// ahead is how far the clock of a member is ahead, 0 if nothing is known about it.
func (c *clocks) ahead(member string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[member]
}
