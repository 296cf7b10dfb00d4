package tui

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// commands owns the goroutines of a model's commands. Bubble Tea starts them
// and forgets them at the end of the program; commands gives each a context,
// and close ends that and waits for them.
type commands struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

func newCommands() *commands {
	ctx, cancel := context.WithCancel(context.Background())
	return &commands{ctx: ctx, cancel: cancel}
}

// panicMsg says that a command panicked.
type panicMsg crash

// do makes a command of a function that takes a context. What it returns is
// dropped once the model is closed.
func (c *commands) do(f func(context.Context) tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		if !c.begin() {
			return nil
		}
		defer c.wg.Done()
		defer func() {
			if r := recover(); r != nil {
				msg = panicMsg{what: r, stack: debug.Stack()}
			}
		}()
		return f(c.ctx)
	}
}

// own takes over a command that was made elsewhere. It can't be ended early,
// so it has to be one that only computes.
func (c *commands) own(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return c.do(func(context.Context) tea.Msg {
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = c.own(batch[i])
			}
		}
		return msg
	})
}

func (c *commands) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.wg.Add(1)
	return true
}

// close ends all commands and waits for them.
func (c *commands) close() {
	c.cancel()
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.wg.Wait()
}

// pause waits for d; false: ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// crash is a panic that was caught, and where.
type crash struct {
	what  any
	stack []byte
}

func (c *crash) Error() string { return fmt.Sprintf("the dashboard panicked: %v", c.what) }
