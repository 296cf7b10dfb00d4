package actions

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/fault"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// Test lets UP42 test a webhook. progress gets what is known so far, and at last
// the whole result.
func (a *Actions) Test(w client.Webhook, from Asker, progress func(roundtrip.Result)) tea.Cmd {
	type answer struct {
		result roundtrip.Result
		err    error
	}
	// Only the newest progress matters, so it replaces one that was not taken yet.
	reports := make(chan roundtrip.Result, 1)
	o := roundtrip.Options{API: a.o.API, Log: a.o.Log, PointsHere: a.o.Receiver, Now: a.o.Now, Progress: func(r roundtrip.Result) {
		select {
		case <-reports:
		default:
		}
		reports <- r
	}}
	c := &Call{id: w.ID, Does: "testing", Name: webhook.Name(w), from: from}
	run := begin(&a.Calls, c, func(ctx context.Context) answer {
		defer close(reports)
		r, err := roundtrip.Run(ctx, w, o)
		return answer{r, err}
	}, func(got answer) tea.Cmd {
		progress(got.result)
		outcome := outcomeOf(got.result, got.err, a.o.Now())
		a.tests[w.ID] = outcome
		if client.NotFound(got.err) {
			return a.vanished(w)
		}
		a.noteOutcome(c, &outcome)
		return nil
	})
	return tea.Batch(run, a.follow(c, reports, progress))
}

// follow gives the reports on a test to progress, until the test ends.
func (a *Actions) follow(c *Call, reports <-chan roundtrip.Result, progress func(roundtrip.Result)) tea.Cmd {
	return command.Receive(a.run, reports, func(r roundtrip.Result) tea.Cmd {
		if a.open[c.token] != nil {
			progress(r)
		}
		return a.follow(c, reports, progress)
	})
}

func (a *Actions) noteOutcome(c *Call, o *Outcome) {
	name := c.Name
	if now, ok := a.o.List.Find(c.id); ok {
		name = webhook.Name(now) // it may have been renamed meanwhile
	}
	switch {
	case o.Err != nil:
		c.fail(a.o.Say, "could not test "+name, fault.Of(o.Err).Line())
	case o.Proven:
		a.o.Say.Info(name + " works: " + o.Score())
	case o.All == 0:
		a.o.Say.Failure("UP42 ran no test of " + name)
	default:
		a.o.Say.Failure(name + ": " + o.Score())
	}
}
