package overview

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/overview/durations"
)

// spentEvery is the least time between two reads of the time per status.
const spentEvery = 10 * time.Second

// spent reads how long orders stay in each status.
type spent struct {
	o     *Options
	table *durations.Table // nil: not read yet
	// stale says that something came since the last read, which was at a time.
	stale, reading bool
	at             time.Time
	err            error // why the log can't be read, nil if it can
}

// wasSpent is the answer of a read.
type wasSpent struct {
	*durations.Table
	err error
}

// readFurther reads again if something came, and the last read was long enough ago.
func (s *spent) readFurther() tea.Cmd {
	ago := s.o.Now().Sub(s.at)
	if s.reading || !s.stale || ago >= 0 && ago < spentEvery {
		return nil
	}
	s.reading, s.stale, s.at = true, false, s.o.Now()
	return s.o.Do(func(ctx context.Context) tea.Msg {
		t, err := durations.Read(ctx, s.o.Log)
		return wasSpent{t, err}
	})
}

func (s *spent) update(msg tea.Msg) {
	switch m, ok := msg.(wasSpent); {
	case !ok:
	case m.err != nil:
		s.reading, s.stale, s.err = false, true, m.err // to try again
	default:
		s.reading, s.table, s.err = false, m.Table, nil
	}
}
