// Package glow remembers which rows of a page have just changed: these are drawn differently
// for a moment.
package glow

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui/command"
)

const (
	// Lasts is how long a change glows.
	Lasts = 1500 * time.Millisecond
	// most is how many rows glow at a time. If more change, none does until the list is calm:
	// a screen full of glowing rows says nothing.
	most = 8
)

// Glow has the rows of one page. While none glows, no timer runs. It is not safe for concurrent
// use. The methods of a nil Glow do nothing.
type Glow[K comparable] struct {
	run     command.Runner
	now     func() time.Time
	until   map[K]time.Time
	calm    time.Time // nothing glows before
	waiting bool      // a timer runs
}

// New makes a Glow. The messages of its commands are of type [Over].
func New[K comparable](run command.Runner, now func() time.Time) *Glow[K] {
	return &Glow[K]{run: run, now: now, until: map[K]time.Time{}}
}

// Over says that a row may glow no longer. It has to be given to [Glow.Expire].
type Over struct{}

// Add says that rows have changed. The command must be run; it may be nil.
func (g *Glow[K]) Add(rows ...K) tea.Cmd {
	if g == nil || len(rows) == 0 {
		return nil
	}
	now := g.now()
	if now.Before(g.calm) || len(g.until)+len(rows) > most {
		g.calm = now.Add(Lasts)
		clear(g.until)
		return nil
	}
	for _, r := range rows {
		g.until[r] = now.Add(Lasts)
	}
	return g.wait(Lasts)
}

// Glows reports whether a row glows.
func (g *Glow[K]) Glows(row K) bool {
	if g == nil || len(g.until) == 0 {
		return false
	}
	_, glows := g.until[row]
	return glows
}

// Expire ends the glow of rows. The command must be run; it may be nil.
func (g *Glow[K]) Expire() tea.Cmd {
	if g == nil {
		return nil
	}
	g.waiting = false
	now, next := g.now(), time.Duration(0)
	for row, until := range g.until {
		left := until.Sub(now)
		switch {
		case left <= 0 || left > Lasts: // the clock was put back
			delete(g.until, row)
		case next == 0 || left < next:
			next = left
		}
	}
	if next == 0 {
		return nil
	}
	return g.wait(next)
}

func (g *Glow[K]) wait(d time.Duration) tea.Cmd {
	if g.waiting {
		return nil
	}
	g.waiting = true
	return g.run(func(ctx context.Context) tea.Msg {
		if !retry.Sleep(ctx, d) {
			return nil
		}
		return Over{}
	})
}
