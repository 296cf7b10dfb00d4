package tunnel

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// carrier is one run of the program: its URL, and whether it carries requests. A program
// prints its URL before it is connected, and lives on while it is not.
type carrier struct {
	tunnel *Tunnel
	end    context.CancelCauseFunc
	logged *rate.Limiter

	mu      sync.Mutex
	late    *time.Timer // ends the program if it does not carry in time
	url     string
	up      map[string]bool // its connections
	open    bool
	over    bool
	opened  time.Time
	carried time.Duration // how long it was open, without the time since opened
	problem string        // the newest, since it was open last
	skipped int           // problems that are not logged
}

func newCarrier(t *Tunnel, end context.CancelCauseFunc) *carrier {
	c := &carrier{tunnel: t, end: end, up: map[string]bool{}, logged: rate.NewLimiter(rate.Every(6*time.Second), 20)}
	c.late = time.AfterFunc(t.o.openTimeout, func() { end(c.tooLate(t.o.openTimeout)) })
	return c
}

// tooLate says what is missing.
func (c *carrier) tooLate(after time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.url == "" {
		return fmt.Errorf("%s gave no public URL within %s", c.tunnel.o.Program, after)
	}
	return fmt.Errorf("%s was not connected within %s", c.tunnel.o.Program, after)
}

// read handles a line of the program's output.
func (c *carrier) read(line string) { c.take(c.tunnel.o.Program.parse(line)) }

// take handles what the program says.
func (c *carrier) take(r report) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return // the library may go on for a moment
	}
	moved := r.url != "" && r.url != c.url
	if moved {
		c.url = r.url
	}
	if r.problem != "" {
		c.problem = problemText(r.problem)
		c.logProblem()
	}
	if r.down {
		delete(c.up, r.connection)
	}
	if r.up {
		c.up[r.connection] = true
	}
	switch carries := c.url != "" && len(c.up) > 0; {
	case carries && (moved || !c.open):
		c.opens()
	case !carries && c.open:
		c.closes()
	case r.problem != "":
		c.report()
	}
}

func (c *carrier) opens() {
	c.late.Stop()
	if !c.open {
		c.opened = time.Now()
	}
	c.open, c.problem = true, ""
	c.tunnel.o.Logger.Info("the tunnel is open", "program", c.tunnel.o.Program, "url", c.url)
	c.report()
}

// closes says that no connection is left. The program connects again, usually with the same
// URL. It is ended if that takes too long: the provider may have forgotten the URL.
func (c *carrier) closes() {
	c.open = false
	c.carried += time.Since(c.opened)
	limit := c.tunnel.o.lostTimeout
	c.late = time.AfterFunc(limit, func() { c.end(c.tooLate(limit)) })
	c.tunnel.o.Logger.Warn("the tunnel is not connected; the program connects again", "program", c.tunnel.o.Program, "url", c.url)
	c.report()
}

// report tells the state.
func (c *carrier) report() {
	s := State{Last: c.url}
	if c.open {
		s.URL = c.url
	}
	switch {
	case c.problem != "":
		s.Err = errors.New(c.problem)
	case !c.open:
		s.Err = fmt.Errorf("%s is not connected", c.tunnel.o.Program)
	}
	if c.open && s.Err != nil {
		s.Trouble, s.Err = Trouble{s.Err, time.Now()}, nil
	}
	c.tunnel.setState(s)
}

// logProblem logs the newest problem, unless there are too many.
func (c *carrier) logProblem() {
	if !c.logged.Allow() {
		c.skipped++
		return
	}
	args := []any{"program", c.tunnel.o.Program, "line", c.problem}
	if c.skipped > 0 {
		args = append(args, "skipped", c.skipped)
	}
	c.skipped = 0
	c.tunnel.o.Logger.Warn("the tunnel program reports a problem", args...)
}

// ended is the end of the program. It returns why it ended, and how long it was open.
func (c *carrier) ended(err error) (time.Duration, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	c.late.Stop()
	if c.open {
		c.carried += time.Since(c.opened)
	}
	if c.problem != "" {
		err = fmt.Errorf("%w: %s", err, c.problem)
	}
	return c.carried, err
}
