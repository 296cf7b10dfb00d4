package events

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/reproduce"
	"github.com/up42/up42-webhooks/tui/text"
)

// getOptions are the flags of `events get`.
type getOptions struct {
	cli.Form
	http bool
}

func newGetCommand(env cli.Env) *cobra.Command {
	var o getOptions
	cmd := &cobra.Command{
		Use:        "get NUMBER",
		SuggestFor: []string{"show", "describe", "info"},
		Short:      "Print one delivery",
		Long: `Print one delivery: 12 is an event, r7 a rejected delivery. "events" and
"events --rejected" list the numbers.

With --http it is printed as the HTTP request that it was, body byte for byte. "verify"
judges that; the time to judge it by is on stderr. Authorization and Cookie are not
stored, so the request lacks them.`,
		Example: `  up42hooks events get r7
  up42hooks events get 12 --json | jq .body
  up42hooks events get r7 --http >r7.http
  up42hooks verify --now "$(up42hooks events get r7 --json | jq -r .receivedAt)" r7.http`,
		Args: func(cmd *cobra.Command, args []string) error {
			problem := "takes one number, but got several"
			switch len(args) {
			case 1:
				return nil
			case 0:
				problem = "wants the number of a delivery, such as 12 or r7"
			}
			return cli.UsageError(fmt.Errorf("%s %s: up42hooks events lists them; see %s --help", cli.PathOf(cmd), problem, cmd.CommandPath()))
		},
		ValidArgsFunction: CompleteNumbers(env, true),
		RunE:              func(cmd *cobra.Command, args []string) error { return o.run(env, cmd, args[0]) },
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	cmd.Flags().BoolVar(&o.http, "http", false, "print the HTTP request that it was")
	o.AddFlags(cmd.Flags(), "print a line of JSON")
	return cmd
}

func (o *getOptions) run(env cli.Env, cmd *cobra.Command, id string) error {
	n, ok := receiver.ParseNumber(id)
	switch {
	case !ok:
		return cli.UsageError(fmt.Errorf("%q is not the number of a delivery: give 12 for event 12, r7 for the rejected delivery r7", id))
	case o.http && !o.ForPeople():
		return cli.UsageError(errors.New("give either --http or another form: --json, -o json or -o csv"))
	}
	read := false
	err := env.Interruptible(cmd.Context(), func(ctx context.Context) error {
		return store.Read(ctx, env, cmd, false, func(ctx context.Context, _ *config.Config, log receiver.Reader) error {
			read = true
			e, err := receiver.EventAt(ctx, log, n.Seq, n.Rejected)
			switch {
			case err != nil:
				return err
			case e == nil:
				return cli.Failed(missing(n))
			default:
				return o.print(env, e)
			}
		})
	})
	if err == nil && !read {
		err = cli.Failed("") // there is no store, which was said
	}
	return err
}

// missing says that a delivery is not in the store.
func missing(n receiver.Number) string {
	if n.Rejected {
		return fmt.Sprintf("%v is not in the store (any more): the newest %d rejected deliveries are kept, and one that was admitted is an event; list them with up42hooks events --rejected",
			n, receiver.RejectedKept)
	}
	return fmt.Sprintf("there is no event %v in the store (any more): up42hooks events lists them", n)
}

func (o *getOptions) print(env cli.Env, e *receiver.Event) error {
	switch {
	case !o.http:
		return cli.Print(env, &o.Form, func() error {
			_, err := io.WriteString(env.Stdout, describe(e))
			return err
		}, e)
	}
	raw := reproduce.Request(e)
	if _, isTerminal := env.Width(); isTerminal {
		raw = cleanRequest(raw)
		env.Say("control characters are escaped for the terminal: redirect the output to get the bytes as they came")
	}
	if _, err := env.Stdout.Write(raw); err != nil {
		return fmt.Errorf("print the request: %w", err)
	}
	for _, note := range reproduce.Lacks(e) {
		env.Say("%s", note)
	}
	env.Say("to judge it as of its arrival: up42hooks verify --now %s", reproduce.JudgeBy(e))
	return nil
}

func cleanRequest(raw []byte) []byte {
	var out []byte
	for _, line := range text.CleanLines(string(raw), 0) {
		out = append(append(out, line...), '\n')
	}
	return out
}
