package webhooks

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
)

// addAccountFlags defines the flags of the settings of the account, and of more
// settings.
func addAccountFlags(flags *pflag.FlagSet, more ...string) {
	config.AddFlags(flags, append(more, "config", "region", "api-url", "auth-url", "client-id", "workspace", "credentials")...)
}

// webhookArg allows one argument, a webhook.
func webhookArg(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return cli.UsageError(fmt.Errorf("%s takes the id or the name of one webhook, but got %d arguments; see %s --help",
			cli.PathOf(cmd), len(args), cmd.CommandPath()))
	}
	return nil
}

// completeWebhooks proposes the ids of the workspace's webhooks, with their names, and the
// names if a name is typed. Without an answer it proposes nothing.
func completeWebhooks(env cli.Env) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), completionTimeout)
		defer cancel()
		_ = withSession(env, cmd.Flags(), func(s *session) error { // the command itself says what is wrong
			hooks, err := s.api.Webhooks(ctx)
			for _, h := range hooks {
				switch {
				case strings.HasPrefix(h.ID, typed):
					out = append(out, cobra.CompletionWithDesc(h.ID, text.Clean(h.Name, 80)))
				case strings.HasPrefix(h.Name, typed) && text.Clean(h.Name, 0) == h.Name:
					out = append(out, cobra.CompletionWithDesc(h.Name, h.ID))
				}
			}
			return err
		})
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// session is a command that calls UP42.
type session struct {
	cli.Env
	config *config.Config
	api    *client.Client
	// changes is set if the command changes something at UP42.
	changes atomic.Bool
	// check is a command that shows whether UP42 carried out the change.
	check string
}

// withSession runs a command with the configured account. The needed settings must have a
// value.
func withSession(env cli.Env, flags *pflag.FlagSet, do func(*session) error, needed ...string) error {
	c, _, err := config.Load(flags, env, needed...)
	if err != nil {
		return cli.UsageError(err)
	}
	api, err := config.Account(env, c)
	if err != nil {
		return cli.UsageError(err)
	}
	if api == nil {
		return cli.Failed("there are no credentials for UP42: set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or give --credentials FILE, or run up42hooks login")
	}
	defer api.Close()
	return do(&session{Env: env, config: c, api: api})
}

// callTimeout is how long UP42's answers to a command may take, with the waits that
// UP42 asks for.
const callTimeout = 2 * time.Minute

// call calls UP42 through do. It ends when the user interrupts the command, or after the
// timeout; after that the client still asks UP42 what became of a change, and another
// interrupt ends the program. Its error says what to do.
func call[T any](ctx context.Context, s *session, timeout time.Duration, do func(context.Context) (T, error)) (T, error) {
	ctx, stop := s.UntilSignal(ctx)
	defer stop()
	defer context.AfterFunc(ctx, func() {
		if s.changes.Load() {
			s.Say("interrupted: asking UP42 what it has done; ctrl+c ends at once")
		}
	})()
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	result, err := do(limited)
	switch {
	case err == nil:
		return result, nil
	case ctx.Err() != nil:
		err = cli.Failed("interrupted" + s.fate(err))
	case limited.Err() != nil:
		err = cli.Failed(fmt.Sprintf("UP42 did not answer within %s", timeout) + s.fate(err))
	default:
		err = s.withAdvice(err)
	}
	var none T
	return none, err
}

// fate says, at the end of a line, what became of a change. It is empty if the command
// changes nothing.
func (s *session) fate(err error) string {
	switch fate := client.Fate(err); {
	case fate != "":
		return ": " + fate + "; " + s.advice(err)
	case s.changes.Load():
		return ": UP42 was not asked to change anything"
	default:
		return ""
	}
}

// withAdvice adds what to do to an error of UP42.
func (s *session) withAdvice(err error) error {
	var inStore *roundtrip.LogError
	if errors.As(err, new(cli.Failure)) || errors.As(err, &inStore) {
		return err
	}
	if advice := s.advice(err); advice != "" {
		return fmt.Errorf("%w; %s", err, advice)
	}
	return err
}

// advice is what to do about an error of UP42.
func (s *session) advice(err error) string {
	if client.Unsure(err) && s.check != "" {
		return "look at " + s.check + " before you try again"
	}
	return client.Advice(err)
}
