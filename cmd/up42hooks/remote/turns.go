package remote

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui"
)

// turns lets fewer sessions compute at a time than there are processors: one is free for deliveries.
type turns chan struct{}

func newTurns() turns { return make(turns, max(1, runtime.GOMAXPROCS(0)-1)) }

// await waits for a turn, or until ctx ends: then it returns nil.
func (t turns) await(ctx context.Context) (leave func()) {
	select {
	case t <- struct{}{}:
		return func() { <-t }
	case <-ctx.Done():
		return nil
	}
}

// inTurn is a screen that computes when it has a turn. It waits for nothing else meanwhile, so each
// turn ends.
type inTurn struct {
	tui.Screen
	turns turns
}

// Update implements tea.Model.
func (s inTurn) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer s.turns.await(context.Background())()
	return s.Screen.Update(msg)
}

// View implements tea.Model.
func (s inTurn) View() string {
	defer s.turns.await(context.Background())()
	return s.Screen.View()
}

// memoryOfScreen is what a screen may add to the memory of the process: what it keeps, and room for
// garbage. Without it a hundred screens come near the limit of the receiver's memory, and half of the
// time goes into collecting garbage.
const memoryOfScreen = 3 << 20

// giveMemory adds to the limit of the process, if there is one.
func (s *Server) giveMemory(more int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if limit := debug.SetMemoryLimit(-1); limit != math.MaxInt64 {
		debug.SetMemoryLimit(limit + more)
	}
}
