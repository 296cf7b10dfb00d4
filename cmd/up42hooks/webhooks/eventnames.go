package webhooks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// events returns the events that a webhook subscribes to: those wanted, if UP42 names them,
// or all that UP42 names if none are wanted.
func (s *session) events(ctx context.Context, wanted []string) ([]string, error) {
	known, err := s.api.EventNames(ctx)
	switch {
	case len(wanted) > 0 && hasNoCatalogue(err):
		s.Say("could not ask UP42 for its events (%v): the names are sent as they are", err)
		return wanted, nil
	case err != nil:
		return nil, err
	case len(wanted) == 0:
		return known, nil
	}
	for _, name := range wanted {
		if !slices.Contains(known, name) {
			return nil, cli.Failed(fmt.Sprintf("unknown event %q: UP42 names %s", name, firstOf(known)))
		}
	}
	return wanted, nil
}

// hasNoCatalogue reports whether UP42 answered that it does not list its events.
func hasNoCatalogue(err error) bool {
	var refused *client.Error
	return errors.As(err, &refused) && !refused.Page && slices.Contains([]int{
		http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented,
	}, refused.Status)
}

// firstOf lists the first names.
func firstOf(names []string) string {
	const most = 8
	list := strings.Join(names[:min(len(names), most)], ", ")
	if more := len(names) - most; more > 0 {
		list += fmt.Sprintf(" and %d more; see up42hooks webhooks events", more)
	}
	return list
}

// completionTimeout bounds how long the shell waits for UP42.
const completionTimeout = 3 * time.Second

// completeEvents proposes the next name of a list of events, as UP42 names them. If UP42
// can't be asked, it proposes the documented names and says so.
func completeEvents(env cli.Env) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		names, err := askEventNames(env, cmd)
		if err != nil {
			names = filter.Event.Values()
		}
		out, directive := cli.CompleteList(names)(cmd, args, typed)
		if err != nil {
			out = cobra.AppendActiveHelp(out, "UP42 can't be asked for its events: these are the documented ones")
		}
		return out, directive
	}
}

func askEventNames(env cli.Env, cmd *cobra.Command) ([]string, error) {
	c, _, err := config.Read(cmd.Flags(), env)
	if err != nil {
		return nil, err
	}
	api, err := config.Account(env, c)
	if err != nil {
		return nil, err
	}
	if api == nil {
		return nil, errors.New("there are no credentials for UP42")
	}
	defer api.Close()
	ctx, cancel := context.WithTimeout(cmd.Context(), completionTimeout)
	defer cancel()
	return api.EventNames(ctx)
}
