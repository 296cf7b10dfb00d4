package events

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Undelivered reads what targets did not take and a filter lets pass, in the order of the events. An
// event that the store has lost has only its number.
func Undelivered(ctx context.Context, env cli.Env, log receiver.Reader, f *filter.Filter, since time.Time) iter.Seq2[receiver.Undelivered, error] {
	return func(yield func(receiver.Undelivered, error) bool) {
		lists, ok := log.(receiver.Checkpoints)
		if !ok {
			yield(receiver.Undelivered{}, errors.New("what is undelivered is not known here"))
			return
		}
		failures, err := lists.Failures(ctx, "")
		if err != nil {
			yield(receiver.Undelivered{}, err)
			return
		}
		wanted := Matching(env, f)
		for _, failure := range failures {
			if jetstream.IsReader(failure.Reader) {
				continue // it is no target
			}
			e, err := receiver.EventAt(ctx, log, failure.Seq, false)
			if e == nil {
				e = &receiver.Event{Seq: failure.Seq}
			}
			passes := !e.ReceivedAt.Before(since) && (wanted == nil || wanted(e))
			if (passes || err != nil) && (!yield(receiver.Undelivered{Event: e, Failure: failure}, err) || err != nil) {
				return
			}
		}
	}
}

// listUndelivered lists the newest undelivered events.
func (o *eventsOptions) listUndelivered(ctx context.Context, env cli.Env, c *config.Config, log receiver.Reader, since time.Time) error {
	theme := config.NewTheme(env, c)
	print, err := cli.Records(env, &o.Form, cli.NewListing(env, theme, undeliveredColumns(theme)).Print)
	if err != nil {
		return err
	}
	var page []receiver.Undelivered // or the newest ones, if there is a limit
	any := false
	for u, err := range Undelivered(ctx, env, log, c.Selection(), since) {
		if err != nil {
			return err
		}
		any = true
		page = append(page, u)
		switch {
		case o.limit > 0 && len(page) > o.limit:
			page = slices.Delete(page, 0, 1)
		case o.limit == 0 && len(page) == PageSize:
			if err := print(page); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	if !any {
		env.Say("no such event is undelivered")
	}
	if len(page) == 0 {
		return nil
	}
	return print(page)
}

func undeliveredColumns(t *theme.Theme) []cli.Column[receiver.Undelivered] {
	type row = receiver.Undelivered
	return []cli.Column[row]{
		{Title: "NUMBER", Right: true, Cell: func(u row) string { return strconv.FormatInt(u.Event.Seq, 10) }},
		{Title: "GIVEN UP", Width: len(cli.TimeLayout), Drop: 1, Cell: func(u row) string { return cli.FormatTime(u.Failure.At) }},
		{Title: "ID", Width: 36, Least: 36, Drop: 2, Cell: func(u row) string { return cli.OrDash(u.Event.ID) }},
		{
			Title: "STATUS", Width: 18, Least: 9, Cell: func(u row) string { return shown(u.Event.Kind, u.Event.Status, u.Event.SubStatus, u.Event.Final) },
			Style: func(u row) theme.Style { return classStyle(t, u.Event) },
		},
		{Title: "TRIES", Right: true, Drop: 3, Cell: func(u row) string { return strconv.Itoa(u.Failure.Tries) }},
		{Title: "ERROR", Least: 20, Spare: true, Cell: func(u row) string { return cli.OrDash(u.Failure.Reason) }},
		{Title: "TARGET", Least: 20, Cell: func(u row) string { return safe.Name(u.Failure.Reader) }},
	}
}
