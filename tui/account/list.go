package account

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/status"
)

// After a failure UP42 is asked again after retryAfter. After rows came that it has
// not named yet it is asked after renewAfter, as more may come until then.
const retryAfter, renewAfter = time.Minute, 10 * time.Second

// lookAtCredentials is the wait after UP42 refused the password. The client asks UP42 only if
// the password has changed, or after a long pause.
const lookAtCredentials = 5 * time.Second

// listAccount is what a list needs of its account.
type listAccount struct {
	run    command.Runner
	reader *reader
	// answered is called after each answer.
	answered func(*list)
	// workspace asks for the workspace, if it is not known.
	workspace func() tea.Cmd
}

// list asks UP42 for the newest rows of a kind, at first and whenever there may be
// something new.
type list struct {
	account listAccount
	kind    receiver.Kind
	page    *status.Page

	underWay bool
	waiting  bool  // it will be asked for again
	lacking  bool  // rows came that UP42 has not named
	round    int   // counts the requests; a wait that began before the last one is ignored
	err      error // why it can't be read
}

// ask asks UP42 for the newest rows.
func (l *list) ask() tea.Cmd {
	l.underWay, l.waiting, l.lacking = true, false, false
	l.round++
	l.page.Invalidate() // an empty page says so
	return command.Ask(l.account.run, func(ctx context.Context) answer { return l.account.reader.list(ctx, l.kind) }, l.take)
}

// take puts UP42's list onto the page, or asks again later.
func (l *list) take(a answer) tea.Cmd {
	l.underWay, l.err = false, a.err
	if a.err == nil {
		l.show(a)
	}
	l.account.answered(l)
	l.page.Invalidate()
	if a.err != nil {
		if client.NextSignIn(a.err) != "" {
			return l.askLater(lookAtCredentials)
		}
		return l.askLater(retryAfter)
	}
	return l.renew()
}

// show puts listings onto the page.
func (l *list) show(a answer) {
	l.page.List(a.listings, a.stored, a.newest)
	l.page.Invalidate()
}

// askLater asks for the list again after a while.
func (l *list) askLater(after time.Duration) tea.Cmd {
	l.waiting = true
	round := l.round
	wait := func(ctx context.Context) bool { return retry.Sleep(ctx, after) }
	return command.Ask(l.account.run, wait, func(bool) tea.Cmd {
		switch {
		case l.underWay || l.round != round:
			return nil
		case l.page.Paused():
			return l.askLater(renewAfter) // the page does not change anyway
		}
		return tea.Batch(l.ask(), l.account.workspace())
	})
}

// came says that rows changed, before they are put onto the page.
func (l *list) came(rows []*status.Row) tea.Cmd {
	for _, r := range rows {
		if _, known := l.page.Get(r.TableID()); !known && !r.Test() {
			l.lacking = true
			break
		}
	}
	return l.renew()
}

// renew asks for the list again after a while, if something is lacking.
func (l *list) renew() tea.Cmd {
	if !l.lacking || l.underWay || l.waiting {
		return nil
	}
	return l.askLater(renewAfter)
}
