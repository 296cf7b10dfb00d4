// Package webhooks has the commands for the workspace's webhooks at UP42.
package webhooks

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

func NewCommand(w cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "webhooks",
		Short: "Manage the workspace's webhooks at UP42",
		Long: `Manage the workspace's webhooks at UP42. A webhook is named by its id, or by its
name where only one has that name.

They need an account: set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or give
--credentials FILE, as UP42's SDK has it. Secrets are shown with --show-secrets only.`,
		Example: `  up42hooks webhooks list
  up42hooks webhooks create --name mine --url https://hooks.example.com/receive-webhooks \
      --events job.status,order.status --generate-secret
  up42hooks webhooks update mine --inactive
  up42hooks webhooks test mine`,
		Args: cli.KnownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newWebhooksListCommand(w), newWebhooksGetCommand(w), newWebhooksCreateCommand(w), newWebhooksUpdateCommand(w),
		newWebhooksDeleteCommand(w), newWebhooksTestCommand(w), newWebhooksEventsCommand(w),
	)
	return cmd
}

// addAccountFlags defines the flags of the settings that an account needs, and
// of further ones.
func addAccountFlags(flags *pflag.FlagSet, further ...string) {
	config.AddFlags(flags, append(further, "region", "api-url", "auth-url", "workspace", "credentials")...)
}

// oneWebhook is for the commands that are about one webhook.
func oneWebhook(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return cli.UsageError(fmt.Errorf("%s takes the id or the name of one webhook, but got %d arguments; see %s --help",
			cmd.CommandPath(), len(args), cmd.CommandPath()))
	}
	return nil
}

// session is a command that talks to UP42.
type session struct {
	cli.Env
	config *config.Config
	api    *client.Client
	// storeNamed: the store was named by a flag, so that others need it too.
	storeNamed bool
	// look is a command that shows whether UP42 did what must not be done twice;
	// "": it may be done again.
	look string
}

// signedIn runs a command with the configured account.
func signedIn(w cli.Env, flags *pflag.FlagSet, do func(*session) error) error {
	c, _, err := config.Load(flags, w.Getenv)
	if err != nil {
		return cli.UsageError(err)
	}
	api, err := config.Account(w, c)
	if err != nil {
		return cli.UsageError(err)
	}
	if api == nil {
		return cli.Failed("there are no credentials for UP42: set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or give --credentials FILE")
	}
	defer api.Close()
	return do(&session{Env: w, config: c, api: api})
}

// answerWait bounds how long UP42 may take over a command, its wishes to be
// asked again later included.
const answerWait = 2 * time.Minute

// call makes calls to UP42 that end with an interrupt, and after a while. Their
// error says what to do.
func (s *session) call(ctx context.Context, wait time.Duration, do func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	err := do(limited)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return cli.Failed("interrupted: what UP42 was asked for may have been done all the same" + s.beforeAgain())
	case limited.Err() != nil:
		return cli.Failed(fmt.Sprintf("UP42 did not answer within %s: what it was asked for may have been done all the same", wait) + s.beforeAgain())
	default:
		return s.advised(err)
	}
}

// beforeAgain says, at the end of a line, what to look at before another try.
func (s *session) beforeAgain() string {
	if s.look == "" {
		return ""
	}
	return ": look at " + s.look + " before you try again"
}

// advised adds what to do about a failure of UP42's.
func (s *session) advised(err error) error {
	var unread *roundtrip.LogError
	advice := client.Advice(err)
	if client.Unsure(err) {
		advice = "UP42 may have done it all the same" + s.beforeAgain()
	}
	if errors.As(err, new(cli.Failure)) || errors.As(err, &unread) || advice == "" {
		return err
	}
	return fmt.Errorf("%w; %s", err, advice)
}

// find returns the webhook of an id, else the only one of a name.
func (s *session) find(ctx context.Context, ref string) (client.Webhook, error) {
	if uuid.Validate(ref) == nil {
		hook, err := s.api.Webhook(ctx, ref)
		if !client.NotFound(err) {
			return hook, err
		}
	}
	all, err := s.api.Webhooks(ctx)
	if err != nil {
		return client.Webhook{}, err
	}
	if i := slices.IndexFunc(all, func(w client.Webhook) bool { return w.ID == ref }); i >= 0 {
		return all[i], nil
	}
	named := slices.DeleteFunc(all, func(w client.Webhook) bool { return w.Name != ref })
	switch len(named) {
	case 1:
		return named[0], nil
	case 0:
		return client.Webhook{}, cli.Failed(fmt.Sprintf("there is no webhook %q in this workspace; see up42hooks webhooks list", ref))
	default:
		return client.Webhook{}, cli.Failed(fmt.Sprintf("%d webhooks are named %q: give the id of one: %s", len(named), ref, idsOf(named)))
	}
}

// idsOf lists the ids of webhooks, of the first few.
func idsOf(hooks []client.Webhook) string {
	const most = 5
	var ids []string
	for _, w := range hooks[:min(len(hooks), most)] {
		ids = append(ids, w.ID)
	}
	list := strings.Join(ids, ", ")
	if more := len(hooks) - most; more > 0 {
		list += fmt.Sprintf(" and %d more; see up42hooks webhooks list", more)
	}
	return list
}
