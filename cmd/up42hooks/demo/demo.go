package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
)

// demoOptions are the flags of `demo`.
type demoOptions struct {
	cli.Lines
	seed  uint64
	speed float64
}

// NewCommand makes the command `demo`.
func NewCommand(env cli.Env) *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show everything at work on a simulated UP42: no account, no network",
		Long: `Show the dashboard with a simulated UP42 behind it, in the same process: real HTTP on
loopback, a real sign-in, real signatures, and a store that is deleted afterwards. It
registers its webhook as you would, and orders and jobs begin to move. Forged, stale
and repeated deliveries come as well, to show all verdicts. The demo uses only the theme
of your configuration, and changes nothing of yours.

If its output is not a terminal, it prints the events as "listen" does.`,
		Example: `  up42hooks demo
  up42hooks demo --speed 30 --seed 7`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.run(cmd.Context(), env, cmd.Flags())
		},
	}
	config.AddFlags(cmd.Flags(), "theme", "high-contrast", "color", "no-motion", "no-mouse")
	o.AddFlags(cmd.Flags(), "show no screen: print events as JSON lines")
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "start `NUMBER` of the random numbers: the same seed gives the same orders and jobs")
	cmd.Flags().Float64Var(&o.speed, "speed", simulator.DefaultSpeed, "`NUMBER` that says how fast orders and jobs move")
	return cmd
}

// run runs the demo in a folder of its own, which it deletes at the end.
func (o demoOptions) run(ctx context.Context, env cli.Env, flags *pflag.FlagSet) (err error) {
	if o.speed <= 0 {
		return cli.UsageError(fmt.Errorf("--speed %g: want a number above 0, like 10", o.speed))
	}
	ctx, stop := dashboard.UntilSignal(ctx, env)
	defer stop()
	folder, err := os.MkdirTemp("", "up42hooks-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	up42, err := startSimulator(ctx, simulator.Options{Seed: o.seed, Speed: o.speed})
	if err != nil {
		return err
	}
	defer func() { err = cli.IgnoreCancel(ctx, errors.Join(err, up42.stop())) }()
	env.Getenv, env.Environ = environment(env.Getenv, up42.url, folder), nil
	c, _, err := config.Load(flags, env)
	if err != nil {
		return cli.UsageError(err)
	}
	return play(ctx, env, c, up42, env.HasScreen() && !o.JSON())
}

// play registers a webhook at the simulated UP42, and receives and shows what it
// delivers: on a screen, or as JSON lines.
func play(ctx context.Context, env cli.Env, c *config.Config, up42 *localSimulator, screen bool) (err error) {
	logger := slog.New(slog.DiscardHandler)
	if !screen {
		logger = slog.New(slog.NewTextHandler(env.Stderr, nil))
	}
	d, err := daemon.Open(ctx, env, c, logger, daemon.Little)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	events, err := d.Account.EventNames(ctx)
	if err != nil {
		return fmt.Errorf("register the demo's webhook: %w", err)
	}
	webhook, err := d.Account.CreateWebhook(ctx, client.Webhook{
		Name: "up42hooks demo", URL: d.URL(), Events: events, Active: true, Secret: newSecret(),
	})
	if err != nil {
		return fmt.Errorf("register the demo's webhook: %w", err)
	}
	d.Add(up42.Run)
	d.Add(func(ctx context.Context) error { return attack(ctx, up42.Simulator, webhook.URL) })
	if screen {
		address := strings.TrimPrefix(up42.url, "http://")
		return dashboard.Watch(ctx, d, dashboard.Manner{Notice: "demo: UP42 is simulated on " + address + ", and nothing is kept"})
	}
	d.LogStart(ctx)
	err = daemon.Print(ctx, d, 0)
	if f := (*daemon.OutputFailure)(nil); errors.As(err, &f) && f.Closed() {
		return nil // nothing is kept that it could have missed
	}
	return err
}

func newSecret() client.Secret {
	secret, err := client.NewSecret(rand.Reader)
	if err != nil {
		panic(err) // rand.Reader never fails
	}
	return secret
}

// environment is an environment with the simulated account and the settings that
// a terminal needs. It hides the user's own settings.
func environment(getenv func(string) string, url, folder string) func(string) string {
	own := map[string]string{
		"XDG_CONFIG_HOME": filepath.Join(folder, "config"), "XDG_STATE_HOME": folder,
		"UP42_LISTEN": "127.0.0.1:0", "UP42_API_URL": url, "UP42_AUTH_URL": url,
		"UP42_USERNAME": simulator.Username, "UP42_PASSWORD": simulator.Password,
		"UP42_WEBHOOK_SECRET": newSecret().Reveal(),
	}
	return func(name string) string {
		v, ok := own[name]
		if !ok && !strings.HasPrefix(name, "UP42_") {
			v = getenv(name)
		}
		return v
	}
}
