package events

import (
	"context"
	"errors"
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

// ReadUndelivered reads what targets did not take and a filter lets pass, in the order of the events.
// An event that the store has lost has only its number.
func ReadUndelivered(ctx context.Context, env cli.Env, log receiver.Reader, f *filter.Filter, since time.Time) (all []receiver.Undelivered, err error) {
	lists, ok := log.(receiver.Checkpoints)
	if !ok {
		return nil, errors.New("what is undelivered is not known here")
	}
	failures, err := lists.Failures(ctx, "")
	if err != nil {
		return nil, err
	}
	wanted := Matching(env, f)
	for _, failure := range failures {
		if jetstream.IsReader(failure.Reader) {
			continue // it is no target
		}
		e, err := receiver.EventAt(ctx, log, failure.Seq, false)
		if err != nil {
			return nil, err
		}
		if e == nil {
			e = &receiver.Event{Seq: failure.Seq}
		}
		if !e.ReceivedAt.Before(since) && (wanted == nil || wanted(e)) {
			all = append(all, receiver.Undelivered{Event: e, Failure: failure})
		}
	}
	return all, nil
}

// listUndelivered lists the newest undelivered events.
func (o *eventsOptions) listUndelivered(ctx context.Context, env cli.Env, c *config.Config, log receiver.Reader, since time.Time) error {
	all, err := ReadUndelivered(ctx, env, log, c.Selection(), since)
	if err != nil {
		return err
	}
	if o.limit > 0 {
		all = all[max(0, len(all)-o.limit):]
	}
	print, err := cli.Records(env, &o.Form, cli.NewListing(env, config.NewTheme(env, c), undeliveredColumns(config.NewTheme(env, c))).Print)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		env.Say("no such event is undelivered")
		return nil
	}
	return print(all)
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
