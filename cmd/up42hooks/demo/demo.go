package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/stage"
	"github.com/up42/up42-webhooks/tui/stage/script"
)

// demoOptions are the flags of `demo`.
type demoOptions struct {
	cli.Lines
	seed  uint64
	speed float64
	// spedUp: speed was given.
	spedUp        bool
	script, check string
	once          bool
	ssh           overSSH
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
and replayed deliveries come as well, to show how they are judged. The demo uses the keys, commands,
columns, themes and filters of your configuration (or of the file that --config names), with
--script only how the screen looks, and changes nothing of yours.

With --script it plays a script with captions, for a talk: space goes to the next step, + and -
change the speed, ctrl+r starts over, p pauses the world, x forges a delivery, P hides real ids, URLs,
names and secrets. A script of your own is a file; --check FILE says what is wrong with it.

With --ssh ADDR --audience anyone may look at it over SSH, and change nothing: a line on the screen
says what to type, and Q shows it as a QR code.

If its output is not a terminal, it prints the events as "listen" does.`,
		Example: `  up42hooks demo
  up42hooks demo --speed 30 --seed 7
  up42hooks demo --script talk
  up42hooks demo --ssh :2222 --audience
  up42hooks demo --check my-talk.stage`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.spedUp = cmd.Flags().Changed("speed")
			return o.run(cmd.Context(), env, cmd.Flags())
		},
	}
	config.AddFlags(cmd.Flags(), "config", "theme", "high-contrast", "color", "no-motion", "no-mouse")
	o.AddFlags(cmd.Flags(), "show no screen: print events as JSON lines")
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "start `NUMBER` of the random numbers: the same seed gives the same orders and jobs")
	cmd.Flags().Float64Var(&o.speed, "speed", simulator.DefaultSpeed, "`NUMBER` that says how fast orders and jobs move; with --script how fast it plays")
	cmd.Flags().Lookup("speed").DefValue = fmt.Sprintf("%v, with --script 1", simulator.DefaultSpeed)
	o.addScriptFlags(cmd)
	o.ssh.addFlags(cmd)
	return cmd
}

// run runs the demo until the user, a signal or the end of the script ends it.
func (o *demoOptions) run(ctx context.Context, env cli.Env, flags *pflag.FlagSet) (err error) {
	played, err := o.readScript()
	if err != nil {
		return err
	}
	if o.check != "" {
		_, err := fmt.Fprintln(env.Stdout, describe(played))
		return err
	}
	if !(o.speed > 0) {
		return cli.UsageError(fmt.Errorf("--speed %g: want a number above 0, like 10", o.speed))
	}
	screen := env.HasScreen() && !o.JSON()
	if played != nil && !screen {
		return cli.UsageError(errors.New("--script needs a terminal: it plays on the screen"))
	}
	ctx, stop := dashboard.UntilSignal(ctx, env)
	defer stop()
	begin := worldOptions{env: env, sim: simulator.Options{Seed: o.seed, Speed: o.speed}, logger: slog.New(slog.DiscardHandler)}
	if played != nil {
		begin.scripted, begin.sim = true, simulator.Options{Seed: o.seed, Empty: true}
	}
	readScreen := config.ReadScreen
	if played != nil {
		readScreen = config.ReadLook // a script presses the usual keys
	}
	if screen || flags.Changed("config") {
		if begin.screen, err = readScreen(flags, env); err != nil {
			return cli.UsageError(err)
		}
	}
	if !screen {
		begin.logger = slog.New(slog.NewTextHandler(env.Stderr, nil))
		return cli.IgnoreCancel(ctx, o.listen(ctx, begin, flags))
	}
	return cli.IgnoreCancel(ctx, o.show(ctx, begin, flags, played))
}

// listen prints what is delivered as JSON lines.
func (o *demoOptions) listen(ctx context.Context, begin worldOptions, flags *pflag.FlagSet) (err error) {
	// A write into a broken pipe then fails, and the demo ends in order: its folder is deleted.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(broken)
	ssh, err := o.ssh.open(ctx, begin.env, flags, begin.logger)
	if err != nil {
		return err
	}
	stop := ssh.run(ctx)
	defer func() { err = errors.Join(err, stop()) }()
	w, err := startWorld(ctx, begin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	dashboard.ShowOverSSH(w.daemon, ssh.server, nil)
	w.daemon.LogStart(ctx)
	err = daemon.Print(ctx, w.daemon, 0)
	if f := (*daemon.OutputFailure)(nil); errors.As(err, &f) && f.Closed() {
		return nil // nothing is kept that it could have missed
	}
	return err
}

// show shows the world on a screen, and plays a script, if there is one.
func (o *demoOptions) show(ctx context.Context, begin worldOptions, flags *pflag.FlagSet, played *script.Script) (err error) {
	ssh, err := o.ssh.open(ctx, begin.env, flags, nil)
	if err != nil {
		return err
	}
	stop := ssh.run(ctx)
	defer func() { err = errors.Join(err, stop()) }()
	var failures failures
	start := func() (stage.Set, error) { return newSet(ctx, begin, ssh.server, failures.add) }
	set, err := start()
	if err != nil {
		return err
	}
	s := stage.Options{Set: set, Script: played, Once: o.once, Key: ssh.maskKey, Invite: ssh.invite}
	if played != nil {
		s.Speed = o.scriptSpeed()
		s.Again = func(context.Context) (stage.Set, error) { return start() } // it lives longer than the command
	}
	shown := stage.New(s)
	err = dashboard.Show(ctx, begin.env, shown)
	shown.Set().End()
	failures.add(err)
	switch faults := shown.Faults(); {
	case !o.once || len(faults) == 0:
	case len(faults) == 1:
		failures.add(faults[0])
	default:
		failures.add(fmt.Errorf("%w (of %d lines that did not do what they say)", faults[0], len(faults)))
	}
	return failures.err()
}

// stageKeys says which keys only a demo has, and which presents.
func stageKeys(c *config.Config) string {
	k := keys.New()
	c.Own.Keys.Apply(keys.Actions("", k))
	return fmt.Sprintf("; %s forges a delivery, %s presents", keys.First(k.Forge), keys.First(k.Present))
}

// failures collects errors. It is safe for concurrent use.
type failures struct {
	mu   sync.Mutex
	errs []error
}

func (f *failures) add(errs ...error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs = append(f.errs, errs...)
}

func (f *failures) err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.errs...)
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
func environment(getenv func(string) string, url, folder, forwardTo string) func(string) string {
	own := map[string]string{
		"XDG_CONFIG_HOME": filepath.Join(folder, "config"), "XDG_STATE_HOME": folder,
		"UP42_LISTEN": "127.0.0.1:0", "UP42_API_URL": url, "UP42_AUTH_URL": url,
		"UP42_USERNAME": simulator.Username, "UP42_PASSWORD": simulator.Password,
		"UP42_WEBHOOK_SECRET": newSecret().Reveal(),
	}
	if forwardTo != "" {
		own["UP42_FORWARD_TO"] = forwardTo
	}
	return func(name string) string {
		v, ok := own[name]
		if !ok && !strings.HasPrefix(name, "UP42_") {
			v = getenv(name)
		}
		return v
	}
}
