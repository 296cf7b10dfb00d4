package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

// Addition adds something to a receiver before it runs, mostly a task. The flags are those of the
// receiver's command.
type Addition func(ctx context.Context, d *Daemon, flags *pflag.FlagSet) error

// NewListenCommand makes the command `listen` without additions.
func NewListenCommand(env cli.Env) *cobra.Command { return ListenCommand(env) }

// ListenCommand makes the command `listen`.
func ListenCommand(env cli.Env, more ...Addition) *cobra.Command {
	var o cli.Lines
	cmd := &cobra.Command{
		Use:        "listen",
		SuggestFor: []string{"serve", "server", "receive", "start", "run"},
		Short:      "Receive without a screen: events as JSON lines",
		Long: `Receive deliveries, store them, and print each accepted event as one line of JSON
on stdout, in the order of the store. Everything else, such as rejected deliveries,
is logged on stderr.

It ends on SIGINT and SIGTERM; everything is stored and answered by then. A second signal
ends it at once. It also ends, with exit code 1, when the program that reads its output has
ended; it then says how to go on. On SIGHUP it reads its secrets again (flags, variables,
the configuration file and the secret file) without closing a connection.`,
		Example: `  up42hooks listen --listen :9888 --secret-file secrets.txt
  up42hooks listen --filter 'final kind:order' | jq .id`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return Listen(cmd.Context(), env, cmd.Flags(), "", more...)
		},
	}
	config.AddFlags(cmd.Flags())
	o.AddFlags(cmd.Flags(), "print JSON lines, as it does anyway")
	return cmd
}

// Listen receives without a screen and prints events as JSON lines. It ends by a
// signal, or when its output is closed. The notice is said at the start; it may be "". The
// additions are made in their order.
func Listen(ctx context.Context, env cli.Env, flags *pflag.FlagSet, notice string, more ...Addition) (err error) {
	c, values, err := config.Read(flags, env, "store")
	if err != nil {
		return cli.UsageError(err)
	}
	ctx, stop := env.UntilSignals(ctx, func() {}, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	reloads, ignore := notifyReloads()
	defer ignore()

	if env.IsQuiet() {
		c.LogLevel = max(c.LogLevel, slog.LevelError)
	}
	limitMemory()
	logger, done := config.NewPatientLogger(env.Stderr, c)
	defer done()
	if c.LogFormat == config.LogJSON {
		defer logPanic(logger)
	}
	say := sayer(env, c, logger)
	if notice != "" {
		say("%s", notice)
	}
	d, err := Open(ctx, env, c, logger, Much)
	if err != nil {
		return cli.IgnoreCancel(ctx, adviseHolder(err))
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	counts, err := d.Log.Counts(ctx)
	if err != nil {
		return cli.IgnoreCancel(ctx, err)
	}
	d.Add(reloadTask(d, reloads, flags, values))
	if err := d.addListenTasks(ctx, flags, more); err != nil {
		return err
	}
	d.LogStart(ctx)
	d.logIgnored(flags)
	events.WarnUnknown(say, c.Selection())
	return Print(ctx, d, counts.LastSeq)
}

// notifyReloads returns a channel of the signals to reload. Until stop is called, a broken pipe does not end
// the program.
func notifyReloads() (reloads chan os.Signal, stop func()) {
	// Go ends a program that writes into a broken pipe, unless the program asks
	// for the signal. Here the write fails, and the program ends in order.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	reloads = make(chan os.Signal, 1)
	signal.Notify(reloads, syscall.SIGHUP)
	return reloads, func() {
		signal.Stop(broken)
		signal.Stop(reloads)
	}
}

// logIgnored warns of what was given and has no effect here.
func (d *Daemon) logIgnored(flags *pflag.FlagSet) {
	for _, s := range config.Strays(d.Env) {
		if !s.OfService {
			d.logger.Warn(s.Error())
		}
	}
	if flags.Changed("log") {
		d.logger.Warn("--log is for the dashboard: without one the log goes to stderr", "advice", "send stderr to a file: 2>>FILE")
	}
}

// sayer says lines to the user: as lines of the log if that is JSON.
func sayer(env cli.Env, c *config.Config, logger *slog.Logger) func(format string, args ...any) {
	if c.LogFormat != config.LogJSON {
		return env.Say
	}
	return func(format string, args ...any) { logger.Warn(fmt.Sprintf(format, args...)) }
}

// adviseHolder says what to do if another receiver has the store.
func adviseHolder(err error) error {
	if held := (*store.Holder)(nil); errors.As(err, &held) && held.Receives() {
		return fmt.Errorf("%w: to see what comes in, run up42hooks events --follow; to receive here instead, end it first; "+
			"for a second receiver give another --store FILE and --listen ADDRESS", held)
	}
	return err
}

// addListenTasks adds the notices and the additions.
func (d *Daemon) addListenTasks(ctx context.Context, flags *pflag.FlagSet, more []Addition) error {
	if _, err := d.AddNotices(ctx, terminalWriter(d.Env.Stderr)); err != nil {
		return err
	}
	for _, add := range more {
		if err := add(ctx, d, flags); err != nil {
			return err
		}
	}
	return nil
}

// printTimeout bounds how long the end waits for an output that nobody reads.
const printTimeout = 5 * time.Second

// Print serves and prints the selected events after a number, until ctx ends or
// the output is closed. It returns when everything that was stored is printed,
// unless nobody reads. Then the error is an *[OutputFailure]. For the null device it
// prints nothing.
func Print(ctx context.Context, d *Daemon, after int64) error {
	if isNull(d.Env.Stdout) {
		return d.Serve(ctx)
	}
	asked := ctx // ends when the user ends the program
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := newPrinter(d.Log, d.Env.Stdout, after, d.logger)
	p.keep = d.isNews()
	var closed atomic.Bool
	var background errgroup.Group
	background.Go(func() error {
		return cli.EndOnClosedOutput(ctx, d.Env.Stdout, func() {
			closed.Store(true)
			cancel()
		})
	})
	// Printing goes on while the server answers its last requests.
	printing, stopPrinting := context.WithCancel(context.WithoutCancel(ctx))
	defer stopPrinting()
	printed := make(chan error, 1)
	go func() {
		err := p.run(printing)
		cancel()
		printed <- err
	}()
	err := d.Serve(ctx)
	cancel()
	stopPrinting()
	failure := p.await(printed, printTimeout)
	if failure == nil && closed.Load() {
		failure = errClosed
	}
	failure = p.explain(failure)
	if f := (*OutputFailure)(nil); errors.As(failure, &f) && f.Closed() && endsSoon(asked) {
		failure = nil
	}
	return errors.Join(err, failure, background.Wait())
}

// signalDelay is how much later than the end of its output a signal may be noticed.
const signalDelay = 200 * time.Millisecond

// endsSoon reports whether a context ends within signalDelay. ctrl+c ends both ends of a
// pipe, and the end of the other one may be noticed before the own signal.
func endsSoon(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	case <-time.After(signalDelay):
		return false
	}
}
