package events

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

const (
	// completionTimeout bounds how long the shell waits for the store.
	completionTimeout = time.Second
	// proposed is how many numbers are proposed.
	proposed = 20
)

// CompleteNumbers proposes the numbers of the newest rejected deliveries, and of the newest
// events before them if withEvents is set. A store that can't be read proposes nothing.
func CompleteNumbers(env cli.Env, withEvents bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var out []cobra.Completion
		newest, _ := newestDeliveries(cmd, env, withEvents) // the command itself says what is wrong
		for _, e := range newest {
			if n := e.Number().String(); strings.HasPrefix(n, typed) {
				what := strings.TrimSpace(string(e.Reason) + " " + string(e.Status) + " " + e.ID)
				out = append(out, cobra.CompletionWithDesc(n, text.Clean(what, 80)))
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

func newestDeliveries(cmd *cobra.Command, env cli.Env, withEvents bool) (found []*receiver.Event, err error) {
	c, _, err := config.Read(cmd.Flags(), env, "store")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completionTimeout)
	defer cancel()
	log, err := store.OpenReader(ctx, env, c.Store)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	for _, rejected := range []bool{false, true} {
		if !rejected && !withEvents {
			continue
		}
		page, err := log.Events(ctx, receiver.EventQuery{Limit: proposed, Rejected: rejected})
		if err != nil {
			return found, err
		}
		found = append(found, page...)
	}
	return found, nil
}
