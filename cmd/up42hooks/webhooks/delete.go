package webhooks

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/text"
)

func newDeleteCommand(env cli.Env) *cobra.Command {
	var yes bool
	var o output
	cmd := &cobra.Command{
		Use:        "delete WEBHOOK",
		SuggestFor: []string{"remove", "rm", "del"},
		Short:      "Delete a webhook",
		Long: `Delete a webhook. On a terminal the command asks for the webhook's name first; without a
terminal it needs --yes. With --json it prints the deleted webhook, so that you can
create it again.`,
		Example: `  up42hooks webhooks delete mine
  up42hooks webhooks delete mine --yes --json --show-secrets > mine.json`,
		Args:              webhookArg,
		ValidArgsFunction: completeWebhooks(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !yes && !canAsk(env) {
				return cli.UsageError(errors.New("standard input is not a terminal, so there is nobody to confirm: give --yes"))
			}
			return withSession(env, cmd.Flags(), func(s *session) error { return s.delete(cmd.Context(), args[0], yes, o) })
		},
	}
	addAccountFlags(cmd.Flags())
	cmd.Flags().BoolVar(&yes, "yes", false, "delete without asking")
	o.addFlags(cmd.Flags())
	return cmd
}

func (s *session) delete(ctx context.Context, ref string, yes bool, o output) error {
	hook, err := call(ctx, s, callTimeout, func(ctx context.Context) (client.Webhook, error) { return s.find(ctx, ref) })
	if err != nil {
		return err
	}
	if !yes {
		if err := s.confirm(hook); err != nil {
			return err
		}
	}
	s.check = "up42hooks webhooks list"
	s.changes.Store(true)
	_, err = call(ctx, s, callTimeout, func(ctx context.Context) (none struct{}, err error) {
		return none, s.api.DeleteWebhook(ctx, hook.ID)
	})
	if err != nil {
		return err
	}
	return cli.Print(s.Env, &o.Form, func() error {
		_, err := fmt.Fprintf(s.Stdout, "deleted %s (%s)\n", text.Clean(hook.ID, 0), text.Clean(hook.Name, 0))
		return err
	}, o.record(hook))
}

// canAsk reports whether somebody can answer a question.
func canAsk(env cli.Env) bool {
	f, ok := env.Stdin.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// confirm asks for the webhook's name, or for its id if it has no name.
func (s *session) confirm(hook client.Webhook) error {
	want, what := strings.TrimSpace(hook.Name), "name"
	if want == "" {
		want, what = hook.ID, "id"
	}
	fmt.Fprintf(s.Stderr, "Delete the webhook %s (%s)?\nType its %s to delete it: ", text.Clean(want, 0), text.Clean(hook.URL, 0), what)
	line, err := bufio.NewReader(s.Stdin).ReadString('\n')
	typed := strings.TrimSpace(line)
	if typed == "" || typed != want && typed != text.Clean(want, 0) {
		if err != nil {
			fmt.Fprintln(s.Stderr)
		}
		return cli.Failed("that is not its " + what + ": nothing was deleted")
	}
	return nil
}
