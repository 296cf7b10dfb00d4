package daemon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
)

// demoOptions are what a demo can be told.
type demoOptions struct {
	seed  uint64
	speed float64
}

func NewDemoCommand(w cli.Env) *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show everything at work on a simulated UP42: no account, no network",
		Long: `Show the dashboard with a simulated UP42 behind it, in the same process: real HTTP on
loopback, a real sign-in, real signatures, and a store that is gone afterwards. It
registers its webhook as you would, and orders and jobs begin to move. Forged, stale
and repeated deliveries come as well, so that all verdicts are seen. Nothing of your
configuration is used but the look, and nothing of yours is touched.

Where its output is no terminal, it prints the events as "listen" does.`,
		Example: `  up42hooks demo
  up42hooks demo --speed 30 --seed 7`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return demo(cmd.Context(), w, cmd.Flags(), o)
		},
	}
	config.AddFlags(cmd.Flags(), "theme", "high-contrast")
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "what the simulated lives follow from: the same seed, the same lives")
	cmd.Flags().Float64Var(&o.speed, "speed", simulator.DefaultSpeed, "how fast they are lived")
	return cmd
}

// demo runs everything on a stage of its own, and leaves nothing behind.
func demo(ctx context.Context, w cli.Env, flags *pflag.FlagSet, o demoOptions) (err error) {
	if o.speed <= 0 {
		return cli.UsageError(fmt.Errorf("--speed %g: want a number above 0, like 10", o.speed))
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	folder, err := os.MkdirTemp("", "up42hooks-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	return cli.Ended(ctx, runDemo(ctx, w, flags, o, folder))
}

// runDemo has the parts of the demo work until one of them, or ctx, ends.
func runDemo(ctx context.Context, w cli.Env, flags *pflag.FlagSet, o demoOptions, folder string) (err error) {
	up42, err := startUP42(ctx, o)
	if err != nil {
		return err
	}
	w.Getenv = demoEnvironment(w.Getenv, up42.url, folder)
	c, _, err := config.Load(flags, w.Getenv)
	if err != nil {
		return cli.UsageError(errors.Join(err, up42.end()))
	}
	return errors.Join(play(w, ctx, c, up42), up42.end())
}

func play(w cli.Env, ctx context.Context, c *config.Config, up42 *simulatedUP42) error {
	screen := w.HasScreen()
	logger := slog.New(slog.DiscardHandler)
	if !screen {
		logger = slog.New(slog.NewTextHandler(w.Stderr, nil))
	}
	in, err := openIntake(ctx, w, c, logger)
	if err != nil {
		return err
	}
	hook, err := in.account.CreateWebhook(ctx, demoWebhook(in.url()))
	if err != nil {
		return errors.Join(fmt.Errorf("register the demo's webhook: %w", err), in.close())
	}
	in.made, in.generated, in.demo = false, "", up42.url
	in.parts = append(in.parts, up42.simulator.Run, func(ctx context.Context) error {
		return mischief(ctx, up42.simulator, hook)
	})
	if screen {
		return in.watch(ctx)
	}
	return errors.Join(in.printDemo(ctx), in.close())
}

// printDemo prints events, where there is no screen.
func (in *Intake) printDemo(ctx context.Context) error {
	in.introduce(in.logger)
	nothing := func(ctx context.Context, _ *Intake) { <-ctx.Done() }
	return in.listen(ctx, newPrinter(in.log, in.Stdout, 0, in.logger), nothing)
}

// demoWebhook is what the demo registers.
func demoWebhook(url string) client.Webhook {
	secret, err := client.NewSecret(rand.Reader)
	if err != nil {
		panic(err) // rand.Reader never fails
	}
	return client.Webhook{
		Name: "up42hooks demo", URL: url, Events: receiver.EventNames(), Active: true, Secret: secret,
	}
}

// demoEnvironment is an environment in which nothing is set but the simulated
// account, and what a terminal needs.
func demoEnvironment(getenv func(string) string, up42, folder string) func(string) string {
	own := map[string]string{
		"XDG_CONFIG_HOME": filepath.Join(folder, "config"), "XDG_STATE_HOME": folder,
		"UP42_LISTEN": "127.0.0.1:0", "UP42_API_URL": up42, "UP42_AUTH_URL": up42,
		"UP42_USERNAME": simulator.Username, "UP42_PASSWORD": simulator.Password,
	}
	return func(name string) string {
		v, ok := own[name]
		if !ok && !strings.HasPrefix(name, "UP42_") {
			v = getenv(name)
		}
		return v
	}
}

// simulatedUP42 is a simulator on an address of this machine.
type simulatedUP42 struct {
	simulator *simulator.Simulator
	url       string
	end       func() error
}

// startUP42 starts one. The caller ends it.
func startUP42(ctx context.Context, o demoOptions) (*simulatedUP42, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the simulated UP42: %w", err)
	}
	s := simulator.New(simulator.Options{Seed: o.seed, Speed: o.speed})
	server := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	var serving errgroup.Group
	serving.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("simulated UP42: %w", err)
		}
		return nil
	})
	return &simulatedUP42{
		simulator: s, url: "http://" + l.Addr().String(),
		end: func() error { return errors.Join(server.Close(), serving.Wait()) },
	}, nil
}
