package command

import (
	"context"
	"runtime/debug"
	"sync"

	tea "github.com/charmbracelet/bubbletea"
)

// Pool owns the goroutines of commands. Bubble Tea starts them and forgets them
// when the program ends. A Pool gives each a context, and Close cancels it and
// waits for them. It is safe for concurrent use.
type Pool struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

// NewPool makes a Pool. The caller must close it.
func NewPool() *Pool {
	ctx, cancel := context.WithCancel(context.Background())
	return &Pool{ctx: ctx, cancel: cancel}
}

// Do is the pool's [Runner]. The result is dropped once the pool is closed.
func (p *Pool) Do(f func(context.Context) tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		if !p.begin() {
			return nil
		}
		defer p.wg.Done()
		defer func() {
			if r := recover(); r != nil {
				msg = &Crash{What: r, Stack: debug.Stack()}
			}
		}()
		return f(p.ctx)
	}
}

// For returns a [Runner] whose messages go to update alone.
func (p *Pool) For(update func(tea.Msg) tea.Cmd) Runner {
	return func(f func(context.Context) tea.Msg) tea.Cmd {
		return p.Do(func(ctx context.Context) tea.Msg { return address(f(ctx), update) })
	}
}

// Own takes over a command that was made elsewhere, and addresses its message to
// update. The command can't be cancelled, so it must only compute.
func (p *Pool) Own(cmd tea.Cmd, update func(tea.Msg) tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return p.Do(func(context.Context) tea.Msg {
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = p.Own(batch[i], update)
			}
			return batch
		}
		return address(msg, update)
	})
}

func (p *Pool) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.wg.Add(1)
	return true
}

// Close cancels all commands and waits for them.
func (p *Pool) Close() {
	p.cancel()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.wg.Wait()
}
