package account

import (
	"context"
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/text"
)

// Tasks ask UP42 about marked rows, or about what marked events are about. why says why it can't
// be asked.
func (a *Account) Tasks(rows []marks.Row) (tasks []marks.Task, why string) {
	if a.o.API == nil {
		return nil, "R asks UP42, which needs credentials: 4 says how to give them"
	}
	for _, r := range rows {
		tasks = append(tasks, marks.Task{
			Row: r.ID, Name: string(r.Key.Kind) + " " + text.Clean(r.Key.ID, 40),
			Do: func(ctx context.Context) (func() tea.Cmd, error) { return a.askOf(ctx, r.Key) },
		})
	}
	return tasks, ""
}

// askOf asks UP42 about one row. It is called from a command.
func (a *Account) askOf(ctx context.Context, k receiver.Key) (take func() tea.Cmd, err error) {
	l := a.list(k.Kind)
	switch {
	case l == nil || strings.TrimSpace(k.ID) == "":
		return nil, errors.New("no order or job")
	case k.Test:
		return nil, errors.New("UP42 does not know it: its events are tests")
	}
	answer := a.reader.row(ctx, k)
	switch {
	case client.NotFound(answer.err):
		return nil, errors.New("UP42 has no such " + string(k.Kind) + " (any more)")
	case answer.err != nil:
		return nil, errors.New(why(answer.err))
	}
	return func() tea.Cmd {
		l.show(answer)
		a.o.Listed()
		return nil
	}, nil
}
