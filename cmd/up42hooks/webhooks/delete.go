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

func newWebhooksDeleteCommand(w cli.Env) *cobra.Command {
	var sure bool
	var o webhookOutput
	cmd := &cobra.Command{
		Use:   "delete WEBHOOK",
		Short: "Delete a webhook",
		Long: `Delete a webhook. On a terminal it asks for the webhook's name first; elsewhere it
wants --yes. With --json it prints what was deleted, so that it can be made anew.`,
		Example: `  up42hooks webhooks delete mine
  up42hooks webhooks delete mine --yes --json --show-secrets > mine.json`,
		Args: oneWebhook,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !sure && !canAsk(w) {
				return cli.UsageError(errors.New("nobody can be asked here whether to delete it: give --yes"))
			}
			return signedIn(w, cmd.Flags(), func(s *session) error { return s.delete(cmd.Context(), args[0], sure, o) })
		},
	}
	addAccountFlags(cmd.Flags())
	cmd.Flags().BoolVar(&sure, "yes", false, "delete without a question")
	o.addFlags(cmd.Flags())
	return cmd
}

func (s *session) delete(ctx context.Context, ref string, sure bool, o webhookOutput) error {
	var hook client.Webhook
	err := s.call(ctx, answerWait, func(ctx context.Context) (err error) {
		hook, err = s.find(ctx, ref)
		return err
	})
	if err != nil {
		return err
	}
	if !sure {
		if err := s.confirm(hook); err != nil {
			return err
		}
	}
	err = s.call(ctx, answerWait, func(ctx context.Context) error { return s.api.DeleteWebhook(ctx, hook.ID) })
	if err != nil {
		return err
	}
	if o.json {
		return cli.PrintJSON(s.Env, o.record(hook))
	}
	_, err = fmt.Fprintf(s.Stdout, "deleted %s (%s)\n", text.Clean(hook.ID, 0), text.Clean(hook.Name, 0))
	return err
}

// canAsk says whether there is somebody to answer a question.
func canAsk(w cli.Env) bool {
	f, ok := w.Stdin.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// confirm has the webhook's name typed; where it has none, its id.
func (s *session) confirm(hook client.Webhook) error {
	want, what := strings.TrimSpace(hook.Name), "name"
	if want == "" {
		want, what = hook.ID, "id"
	}
	fmt.Fprintf(s.Stderr, "Delete the webhook %s (%s)?\nType its %s to do so: ", text.Clean(want, 0), text.Clean(hook.URL, 0), what)
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
