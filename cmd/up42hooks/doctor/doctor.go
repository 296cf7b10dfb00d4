// Package doctor is the command that checks everything a receiver needs.
package doctor

import (
	"context"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

func NewCommand(w cli.Env) *cobra.Command {
	var asJSON, test bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check all that a receiver needs, and say what to do",
		Long: `Check configuration, secrets, port, store, disk, clock, sign-in, webhooks and public
URL, with the same settings as the receiver, and say what to do about each finding.

It changes nothing, but where a receiver runs it has UP42 send test events to it, as
"webhooks test" does: nothing else proves that deliveries arrive. --test=false leaves
that out. The exit code is 1 where anything fails; warnings and notes are no failure.`,
		Example: `  up42hooks doctor
  up42hooks doctor --json | jq 'select(.state == "fail") | .todo'`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			e := &examination{Env: w, test: test}
			defer e.close()
			return e.run(cmd.Context(), cmd.Flags(), asJSON)
		},
	}
	config.AddFlags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON lines")
	cmd.Flags().BoolVar(&test, "test", true, "have UP42 send test events to the receiver that runs")
	return cmd
}

// examination is one run of doctor. Its checks come one after the other, and
// what one has found out serves the next.
type examination struct {
	cli.Env
	// test: UP42 may be asked to send test events.
	test   bool
	config *config.Config
	values []config.Value
	// secrets are the usable ones that are configured, or the generated one.
	secrets []string
	// holder receives into the store; nil: nobody does.
	holder *store.Holder
	// account is the one at UP42; nil: there are no credentials.
	account *client.Client
	// unlisted is why the webhooks are not known, "": they are.
	unlisted string
	// hooks are the workspace's webhooks that point here.
	hooks []client.Webhook
}

// checkup is one of doctor's checks.
type checkup struct {
	name string
	// limit bounds how long look may take.
	limit time.Duration
	// look returns what it found. It changes nothing; where ctx ends, it says
	// how far it got.
	look func(e *examination, ctx context.Context) []finding
}

// checkups are all checks in their order, but for that of the configuration,
// which comes first.
func checkups() []checkup {
	return []checkup{
		{"secrets", 5 * time.Second, (*examination).lookAtSecrets},
		{"port", 10 * time.Second, (*examination).lookAtPort},
		{"store", 30 * time.Second, (*examination).lookAtStore},
		{"disk", 5 * time.Second, (*examination).lookAtDisk},
		{"clock", 10 * time.Second, (*examination).lookAtClock},
		{"sign-in", 20 * time.Second, (*examination).lookAtSignIn},
		{"webhooks", 5 * time.Second, (*examination).lookAtWebhooks},
		{"public-url", 15 * time.Second, (*examination).lookAtPublicURL},
		{"round-trip", time.Minute, (*examination).lookAtRoundTrip},
		{"handing-on", 20 * time.Second, (*examination).lookAtTargets},
	}
}

// run makes all checks and prints what each found as soon as it is done.
func (e *examination) run(ctx context.Context, flags *pflag.FlagSet, asJSON bool) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	findings, err := e.configure(flags)
	if err != nil {
		return cli.UsageError(err)
	}
	d := newDiagnosis(e.Env, e.config, asJSON)
	if err := d.tell("configuration", findings); err != nil {
		return err
	}
	for _, c := range checkups() {
		limited, cancel := context.WithTimeout(ctx, c.limit)
		findings := c.look(e, limited)
		cancel()
		if ctx.Err() != nil {
			return cli.Failed("interrupted: not everything was looked at")
		}
		if err := d.tell(c.name, findings); err != nil {
			return err
		}
	}
	return d.conclude()
}

func (e *examination) close() {
	if e.account != nil {
		e.account.Close()
	}
}

// address is where somebody receives into the store, or would.
func (e *examination) address() string {
	if e.holder != nil && e.holder.Address != "" {
		return e.holder.Address
	}
	return e.config.Listen
}

// ask makes a request without any credentials and keeps no connection. A proxy
// that the environment names is for what is not on this machine.
func (e *examination) ask(ctx context.Context, method, url string, proxy bool) (*probe.Reply, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	if proxy {
		transport.Proxy = http.ProxyFromEnvironment
	}
	return probe.Request(ctx, e.Build.UserAgent(), transport, method, url)
}
