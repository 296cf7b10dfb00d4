package forwarding

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/text"
)

// maxError is the most cells of an error in a report.
const maxError = 200

// Tasks forward marked events to the configured targets, or each to the one that gave it up. why
// says why none can be.
func (f *Forwarding) Tasks(s Selection, rows []marks.Row) (tasks []marks.Task, why string) {
	switch {
	case f.o.Forwarder == nil:
		return nil, "forwarding is off: start up42hooks with --forward-to URL"
	case !s.Lists:
		return nil, "f forwards single events: 3 lists them"
	case !f.HasTargets():
		return nil, "no target is configured: start up42hooks with --forward-to URL"
	}
	for _, r := range rows {
		tasks = append(tasks, marks.Task{Row: r.ID, Name: fmt.Sprintf("event %d", r.Seq), Do: func(ctx context.Context) (func() tea.Cmd, error) {
			if r.Rejected {
				return nil, errors.New("a rejected delivery is never forwarded: its sender is not known")
			}
			return f.o.Page.Read, f.resend(ctx, r)
		}})
	}
	return tasks, ""
}

func (f *Forwarding) resend(ctx context.Context, r marks.Row) error {
	ctx, stop := context.WithTimeout(ctx, sendTimeout)
	defer stop()
	err := f.o.Forwarder.Resend(ctx, r.Seq, r.Target)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("not accepted in time")
	case err != nil:
		return errors.New(text.Short(strings.ReplaceAll(err.Error(), "\n", "; "), maxError))
	}
	return nil
}
