// Package doctor is the command that checks everything that a receiver needs.
package doctor

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// NewCommand makes the command `doctor`.
func NewCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	var test bool
	cmd := &cobra.Command{
		Use:        "doctor",
		SuggestFor: []string{"check", "diagnose"},
		Short:      "Check everything that a receiver needs, and say what to do",
		Long: `Check configuration, secrets, port, store, its backup, pinned headers, disk, clock, sign-in, webhooks,
public URL, forward targets and SSH, with the settings of the receiver. Each finding says what to do.

Doctor changes nothing, but if a receiver runs, it makes UP42 send test events to it, like
"webhooks test": only that proves that deliveries arrive. --test=false omits this. The exit
code is 1 if a check fails; warnings and notes are not failures.`,
		Example: `  up42hooks doctor
  up42hooks doctor --json | jq 'select(.state == "fail") | .todo'`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			e := &examination{Env: env, test: test}
			defer e.close()
			return run(cmd.Context(), e, cmd.Flags(), &o)
		},
	}
	config.AddFlags(cmd.Flags())
	o.AddFlags(cmd.Flags(), "print JSON lines")
	cmd.Flags().BoolVar(&test, "test", true, "make UP42 send test events to the receiver, if it runs")
	return cmd
}

// check is one of doctor's checks.
type check struct {
	name string
	// timeout is the longest time that run may take.
	timeout time.Duration
	// run returns the findings. It changes nothing. If ctx ends, it returns what it
	// found until then.
	run func(e *examination, ctx context.Context) []finding
}

// checks returns all checks in their order, without that of the settings, which
// comes first.
func checks() []check {
	return []check{
		{"secrets", 5 * time.Second, (*examination).checkSecrets},
		{"port", 10 * time.Second, (*examination).checkPort},
		{"store", 30 * time.Second, (*examination).checkStore},
		{"backup", 30 * time.Second, (*examination).checkBackup},
		{"pinning", 10 * time.Second, (*examination).checkPinning},
		{"disk", 5 * time.Second, (*examination).checkDisk},
		{"clock", 10 * time.Second, (*examination).checkClock},
		{"sign-in", 20 * time.Second, (*examination).checkSignIn},
		{"webhooks", 15 * time.Second, (*examination).checkWebhooks},
		{"public-url", 15 * time.Second, (*examination).checkPublicURL},
		{"round-trip", time.Minute, (*examination).checkRoundTrip},
		{"forwarding", 20 * time.Second, (*examination).checkForwarding},
		{"team", 20 * time.Second, (*examination).checkTeam},
		{"ssh", 5 * time.Second, (*examination).checkSSH},
	}
}

// run runs all checks. It prints the findings of each check when it ends.
func run(ctx context.Context, e *examination, flags *pflag.FlagSet, o *cli.Form) error {
	ctx, stop := e.Env.UntilSignal(ctx)
	defer stop()
	findings, err := e.loadSettings(flags)
	if err != nil {
		return cli.UsageError(err)
	}
	p, err := newPrinter(e.Env, e.config, o)
	if err != nil {
		return err
	}
	if err := p.print("configuration", findings); err != nil {
		return err
	}
	for _, c := range checks() {
		limited, cancel := context.WithTimeout(ctx, c.timeout)
		findings := c.run(e, limited)
		cancel()
		if ctx.Err() != nil {
			return cli.Failed("interrupted: not everything was checked")
		}
		if err := p.print(c.name, e.masked(findings)); err != nil {
			return err
		}
	}
	return p.end()
}
