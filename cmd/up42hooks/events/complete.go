package events

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
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
	err = readStore(cmd, env, func(ctx context.Context, log receiver.Reader) error {
		for _, rejected := range []bool{false, true} {
			if !rejected && !withEvents {
				continue
			}
			page, err := log.Events(ctx, receiver.EventQuery{Limit: proposed, Rejected: rejected})
			if err != nil {
				return err
			}
			found = append(found, page...)
		}
		return nil
	})
	return found, err
}

// CompleteIDs proposes the ids of the orders or jobs with the newest events, of both if kind
// is empty. A store that can't be read proposes nothing.
func CompleteIDs(env cli.Env, kind receiver.Kind) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
		_ = readStore(cmd, env, func(ctx context.Context, log receiver.Reader) error {
			rows, err := log.Rows(ctx, receiver.RowQuery{Kind: kind, Limit: proposed})
			for i := range rows {
				// An id with other characters could be something else to the shell.
				if r := &rows[i]; strings.HasPrefix(r.ID, typed) && plainID.MatchString(r.ID) {
					out = append(out, cobra.CompletionWithDesc(r.ID, text.Clean(strings.TrimSpace(string(r.Status)+" "+r.Name), 80)))
				}
			}
			return err
		})
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

var plainID = regexp.MustCompile(`^[\w.-]+$`)

// completeFilter proposes the last word of a filter; after id: it proposes ids of the store.
func completeFilter(env cli.Env, kind receiver.Kind) cobra.CompletionFunc {
	words, ids := cli.CompleteFilter(), CompleteIDs(env, kind)
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		last := typed[strings.LastIndex(typed, " ")+1:]
		_, id, ok := strings.Cut(last, string(filter.ID)+":")
		if !ok || strings.TrimSuffix(strings.TrimPrefix(last, "-"), id) != string(filter.ID)+":" {
			return words(cmd, args, typed)
		}
		found, directive := ids(cmd, args, id)
		for i := range found {
			found[i] = strings.TrimSuffix(typed, id) + found[i]
		}
		return found, directive
	}
}

// readStore calls do with the store that the command's flags name, for a short time.
func readStore(cmd *cobra.Command, env cli.Env, do func(context.Context, receiver.Reader) error) (err error) {
	c, _, err := config.Read(cmd.Flags(), env, "store")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completionTimeout)
	defer cancel()
	log, err := store.OpenReader(ctx, env, c.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return do(ctx, log)
}
