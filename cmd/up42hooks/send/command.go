// Package send is the command that signs deliveries like UP42 and sends them.
package send

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/time/rate"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// NewCommand makes the command `send`.
func NewCommand(env cli.Env) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "send",
		Short: "Sign and send a delivery, like UP42",
		Long: `Sign a delivery like UP42 and send it to the receiver on this machine, or to --url.
The signature covers date and digest, unless --components says otherwise.

Without --secret, --secret-file or UP42_WEBHOOK_SECRET it uses the secret that
up42hooks generated. If there are several secrets, the first one signs.
The exit code is 1 unless every delivery was answered with a 2xx code.`,
		Example: `  up42hooks send
  up42hooks send --status BEING_FULFILLED --order-id 92ceac2c-9c53-4f1e-8a2b-0d6a3f1c7e55
  up42hooks send --event job.status --status RUNNING --json | jq -r .messageId
  up42hooks send --repeat 1000 --rate 100
  up42hooks send --body delivery.json --url https://hooks.example.com/receive-webhooks`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, t, err := prepare(env, &o, cmd.Flags())
			if err != nil {
				return cli.UsageError(err)
			}
			return send(cmd.Context(), env, &o, s, t)
		},
	}
	config.AddFlags(cmd.Flags(), "config", "secret", "secret-file", "components")
	o.addFlags(cmd)
	cli.Complete(cmd, "order-id", events.CompleteIDs(env, receiver.Order))
	cli.Complete(cmd, "job-id", events.CompleteIDs(env, receiver.Job))
	return cmd
}

// prepare makes the sender and the template of the deliveries from flags and
// settings. All errors of usage come from here, before anything is sent.
func prepare(env cli.Env, o *options, flags *pflag.FlagSet) (*sender, template, error) {
	if err := o.check(flags); err != nil {
		return nil, template{}, err
	}
	c, values, err := config.Load(flags, env)
	if err != nil {
		return nil, template{}, err
	}
	s := &sender{components: c.Components, created: o.created, now: env.Now}
	if s.url, err = targetURL(o.url, c, config.IsDefault(values, "listen")); err != nil {
		return nil, template{}, err
	}
	if !o.unsigned {
		if s.secret, err = signingSecret(env, c); err != nil {
			return nil, template{}, err
		}
	}
	t, err := newTemplate(env, o, flags.Changed("final"))
	if err != nil {
		return nil, template{}, err
	}
	if o.status != "" { // it is sent nevertheless: it may be new at UP42
		sayDoubts(env, receiver.KindOf(o.event), o.status)
	}
	return s, t, s.checkSigning()
}

// sayDoubts says that UP42 documents no such status, or not of this kind.
func sayDoubts(env cli.Env, k receiver.Kind, status string) {
	doubts := filter.Statuses(status).Doubts()
	for _, doubt := range doubts {
		env.Say("warning: --status: %s", strings.TrimPrefix(doubt.Error(), "filter: "))
	}
	if _, known := receiver.Status(status).Info(k); !known && len(doubts) == 0 {
		env.Say("warning: --status: %q: UP42 documents no such status of %s", status, k.Plural())
	}
}

func send(ctx context.Context, env cli.Env, o *options, s *sender, t template) error {
	ctx, stop := env.UntilSignal(ctx)
	defer stop()
	s.client = newClient(o.timeout)
	defer s.client.CloseIdleConnections()
	limit := rate.Inf
	if o.rate > 0 {
		limit = rate.Limit(o.rate)
	}
	report := &report{Env: env, form: &o.Form, total: o.repeat}
	var err error
	if report.records, err = cli.Records(env, &o.Form, report.say); err != nil {
		return err
	}
	p := &progress.Progress{}
	if o.repeat > 1 {
		_, p = progress.Start(env, progress.Options{Doing: "send", Unit: "deliveries", JSON: o.JSON(), Records: !o.ForPeople()})
		p.Set(0, int64(o.repeat))
	}
	start := time.Now()
	err = s.sendAll(ctx, t, o.repeat, limit, func(sent Outcome) {
		report.add(sent)
		p.Add(1)
	})
	p.Stop()
	if err != nil {
		return err
	}
	return report.end(time.Since(start), ctx.Err() != nil)
}
