package daemon

import (
	"context"
	"fmt"
	"os"
	"slices"

	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/tui/text"
)

// tellPeople makes a part of the rules for telling people of events. write
// reaches the terminal that somebody looks at; nil: there is none.
func (in *Intake) tellPeople(write func([]byte)) error {
	var rules []notify.Rule
	for i := range in.config.Notify {
		r := &in.config.Notify[i]
		if write == nil && (slices.Contains(r.Do, config.ByBell) || slices.Contains(r.Do, config.ByDesktop)) {
			in.logger.Warn("there is no terminal to ring at or to show a notification on", "rule", r.Name)
		}
		do, err := in.Actions(r, write)
		if err != nil {
			return cli.UsageError(fmt.Errorf("notify: %s: %w", r.Name, err))
		}
		rules = append(rules, notify.Rule{Name: r.Name, When: r.When, Do: do, Quiet: r.Quiet, Every: r.Every})
	}
	if len(rules) == 0 {
		return nil
	}
	in.parts = append(in.parts, func(ctx context.Context) error {
		err := notify.Run(ctx, notify.Options{Log: in.log, Rules: rules, Clean: text.Clean, Now: in.Now, Logger: in.logger})
		if err != nil {
			in.logger.Error("people are told of nothing more", "error", err)
		}
		return nil
	})
	return nil
}

// Actions are a rule's ways to tell.
func (in *Intake) Actions(r *config.NotifyRule, write func([]byte)) (all []notify.Action, err error) {
	if write == nil {
		write = func([]byte) {}
	}
	for _, way := range r.Do {
		var a notify.Action
		switch way {
		case config.ByBell:
			a = notify.Bell(write)
		case config.ByDesktop:
			a = notify.Desktop(notify.TerminalOf(in.Getenv), write)
		case config.ByFile:
			a, err = notify.File(r.File, r.Line)
		case config.ByPost:
			a, err = notify.Post(notify.PostOptions{URL: r.URL, Body: r.Body})
		}
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// writerOf reaches the terminal that a stream is; nil where it is none.
func writerOf(stream any) func([]byte) {
	f, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(b []byte) { _, _ = f.Write(b) } // a terminal that is gone rings no more
}
