package account

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/text"
)

// Refresh asks UP42 about a row that the user looks at, and says what came of it.
func (a *Account) Refresh(k receiver.Key) tea.Cmd {
	switch l := a.list(k.Kind); {
	case a.o.API == nil:
		a.noCredentials()
		return nil
	case l == nil || k.ID == "":
		a.o.Say.Hint("nothing to ask UP42 about: no order or job is selected")
		return nil
	case k.Test:
		a.o.Say.Hint("UP42 does not know this " + string(k.Kind) + ": its events are tests")
		return nil
	case a.asking[k]:
		a.o.Say.Hint("UP42 is already being asked about it")
		return nil
	}
	a.asking[k] = true
	a.o.Say.Begun("asking UP42 about " + text.Clean(k.ID, 40) + a.o.Theme.Glyphs.Ellipsis)
	end := a.o.Work.Begin("asking UP42 about " + text.Clean(k.ID, 40))
	ask := func(ctx context.Context) answer { return a.reader.row(ctx, k) }
	return command.Ask(a.o.Run, ask, func(answer answer) tea.Cmd {
		end()
		delete(a.asking, k)
		a.takeRow(k, answer)
		return nil
	})
}

// RefreshList asks UP42 for the rows of a kind again, because the user wants it.
func (a *Account) RefreshList(k receiver.Kind) tea.Cmd {
	l := a.list(k)
	switch {
	case l == nil:
		a.noCredentials()
		return nil
	case l.underWay:
		a.o.Say.Hint("UP42 is already being asked for its " + k.Plural())
		return nil
	}
	a.told = false // the user wants to know if it fails again
	a.o.Say.Begun("asking UP42 for its " + k.Plural() + a.o.Theme.Glyphs.Ellipsis)
	return tea.Batch(l.ask(), a.askWorkspace())
}

func (a *Account) noCredentials() {
	a.o.Say.Hint(fmt.Sprintf("%s asks UP42, which needs credentials: %s says how to give them", keys.First(a.o.Keys.Refresh), keys.First(a.o.Keys.Webhooks)))
}

// takeRow says what UP42 said about a row, and shows it.
func (a *Account) takeRow(k receiver.Key, answer answer) {
	switch {
	case client.NotFound(answer.err):
		a.o.Say.Failure("UP42 has no such " + string(k.Kind) + " (any more): " + text.Clean(k.ID, 40))
		return
	case answer.err != nil:
		a.o.Say.Failure("could not ask UP42 about it: " + why(answer.err))
		return
	}
	l := a.list(k.Kind)
	was, known := l.page.Row(k)
	a.o.Say.Info(change(k.Kind, was, known, &answer.listings[0], a.o.Theme.Glyphs.Arrow))
	l.show(answer)
	a.o.Listed()
}

// change says what a listing changes about a row. The sub-status of a final status
// is left out.
func change(k receiver.Kind, was *status.Row, known bool, l *detail.Listing, arrow string) string {
	same := known && l.Status.Is(receiver.Status(was.Status()))
	sub := text.Clean(string(l.SubStatus), 40)
	if l.Status.Class(k).Final() || same && was.Final() {
		sub = ""
	}
	now := inWords(text.Clean(string(l.Status), 40), sub)
	switch {
	case !known:
		return "UP42 says: " + now
	case same && was.SubStatus() == sub:
		return "UP42 says the same: " + now
	case was.Outdates(l):
		return "UP42 says " + now + ", which is older than the events: it stays " + was.Status()
	default:
		return "UP42 says: " + inWords(was.Status(), was.SubStatus()) + " " + arrow + " " + now
	}
}

func inWords(status, sub string) string {
	if sub == "" {
		return status
	}
	return status + " (" + sub + ")"
}
