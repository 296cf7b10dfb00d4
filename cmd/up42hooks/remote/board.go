package remote

import (
	"context"
	"sync"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
)

// Board is what sessions show: a receiver, or one that somebody else runs. It is safe for concurrent
// use.
type Board struct {
	// Ctx ends when there is nothing to show any more.
	Ctx context.Context
	// Env and Flags have the settings of commands.
	Env   cli.Env
	Flags *pflag.FlagSet
	Log   receiver.Reader
	// Screen returns the options of a dashboard on this environment. Those that would reach out of
	// it are taken away for a session.
	Screen func(env cli.Env) tui.Options
	// API is UP42's. Nil without credentials.
	API tui.API
	// Changed gets the webhooks after an operator has changed one, with their secrets. May be nil.
	Changed func([]client.Webhook)
	api     *sharedAPI
}

// place is where the board is that is shown now.
type place struct {
	mu      sync.Mutex
	board   *Board
	changed chan struct{}
}

func newPlace() *place { return &place{changed: make(chan struct{})} }

// put shows another board. Nil: none.
func (p *place) put(b *Board) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.board = b
	close(p.changed)
	p.changed = make(chan struct{})
}

// await returns the board, and waits for one that has not ended. It is nil if ctx ends before.
func (p *place) await(ctx context.Context) *Board {
	for {
		p.mu.Lock()
		b, changed := p.board, p.changed
		p.mu.Unlock()
		if b != nil && b.Ctx.Err() == nil {
			return b
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}
