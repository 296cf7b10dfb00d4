// Package admit is the command that admits rejected deliveries that are good now.
package admit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
)

// options are the flags that are not settings.
type options struct {
	cli.Form
	all, dry bool
}

// NewCommand makes the command `admit`, which belongs to `events`.
func NewCommand(env cli.Env) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "admit NUMBER… | --all",
		Short: "Admit rejected deliveries that are good now",
		Long: `Judge rejected deliveries again, and admit those that are good. If the receiver had a
wrong secret, genuine deliveries were rejected; correct the secret first. Then name them
(r7), or take --all.

They are judged by the current secrets and rules, and as of their arrival: what was stale,
altered or forged stays rejected, and so does what has no signature. An admitted delivery
is an event like any: it changes its row, and is printed and forwarded. It keeps the time
of its arrival, and is marked. If UP42 has sent it again meanwhile, it is not stored twice.

If a receiver has the store, it does the work, with its secrets. Otherwise the
configuration says which secrets there are, and the account, if there is one.`,
		Example: `  up42hooks events --rejected
  up42hooks events admit --all --dry-run
  up42hooks events admit r7 r9`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: events.CompleteNumbers(env, false),
		RunE:              func(cmd *cobra.Command, args []string) error { return o.run(env, cmd, args) },
	}
	config.AddFlags(
		cmd.Flags(), "config", "store", "secret", "secret-file", "require-digest", "components", "max-age", "max-message-age", "max-future", "max-body",
		"region", "api-url", "auth-url", "client-id", "workspace", "credentials",
	)
	cmd.Flags().BoolVar(&o.all, "all", false, "all that are good")
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "only say what would become of them")
	o.AddFlags(cmd.Flags(), "print JSON lines")
	return cmd
}

func (o *options) run(env cli.Env, cmd *cobra.Command, args []string) error {
	r, err := o.request(args)
	if err != nil {
		return cli.UsageError(err)
	}
	c, _, err := config.Load(cmd.Flags(), env, "store")
	if err != nil {
		return cli.UsageError(err)
	}
	ctx, stop := env.UntilSignal(cmd.Context())
	defer stop()
	w := work{env: env, config: c, request: r, secretGiven: cmd.Flags().Changed("secret") || cmd.Flags().Changed("secret-file")}
	results, err := w.do(ctx)
	if printed := o.print(env, results); printed != nil {
		return errors.Join(err, printed)
	}
	if err != nil {
		return err
	}
	if len(results) == 0 {
		env.Say("no rejected delivery is good by the current secrets")
	}
	if slices.ContainsFunc(results, failed) {
		return cli.Failed("") // the output says it
	}
	return nil
}

// request returns what the arguments ask for.
func (o *options) request(args []string) (admission.Request, error) {
	r := admission.Request{All: o.all, DryRun: o.dry}
	switch {
	case o.all && len(args) > 0:
		return r, errors.New("give either numbers or --all")
	case !o.all && len(args) == 0:
		return r, errors.New("name the rejected deliveries to admit, such as r7, or give --all; up42hooks events --rejected lists them")
	}
	for _, arg := range args {
		n, ok := receiver.ParseNumber(arg)
		switch {
		case !ok:
			return r, fmt.Errorf("%q is not the number of a rejected delivery: give r7 for the rejected delivery r7", arg)
		case !n.Rejected:
			return r, fmt.Errorf("%s is the number of an event, which needs no admission: give r%s for the rejected delivery with that number", arg, arg)
		case !slices.Contains(r.Numbers, n.Seq):
			r.Numbers = append(r.Numbers, n.Seq)
		}
	}
	return r, nil
}

// failed says that a delivery that was asked for is not an event now.
func failed(r admission.Result) bool {
	return r.Outcome == admission.StaysRejected || r.Outcome == admission.Gone
}

func (o *options) print(env cli.Env, results []admission.Result) error {
	return cli.Print(env, &o.Form, func() error { return printWords(env, results) }, results...)
}

func printWords(env cli.Env, results []admission.Result) error {
	for _, r := range results {
		if _, err := fmt.Fprintf(env.Stdout, "%s %s\n", r.Number, env.AsCalled(words(r))); err != nil {
			return fmt.Errorf("print the results: %w", err)
		}
	}
	return nil
}

// words say what became of a delivery.
func words(r admission.Result) string {
	switch r.Outcome {
	case admission.Good:
		return fmt.Sprintf("is good now (%s) and would be admitted", r.Verdict)
	case admission.Admitted:
		return fmt.Sprintf("is event %d now (%s)", r.Seq, r.Verdict)
	case admission.Duplicate:
		return fmt.Sprintf("repeats event %d, since its message came again: no second event is stored", r.Seq)
	case admission.Gone:
		return "is not there: no delivery with that number was rejected, or it was admitted, or newer ones took its place; up42hooks events --rejected lists what is there"
	default:
		return fmt.Sprintf("stays rejected: %s (%s)", r.Reason, receiver.Explain(r.Reason).Short)
	}
}
