package daemon

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
)

func NewListenCommand(w cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Receive without a screen: events as JSON lines",
		Long: `Receive deliveries, store them, and print each accepted event as one line of JSON
on stdout, in the order of the store. All else, rejected deliveries too, is said on
stderr.

It ends on SIGINT and SIGTERM, or when nobody reads its output any more, with
everything stored and answered. On SIGHUP it reads its secrets again (flags, variables,
the configuration file and the secret file) without dropping a connection.`,
		Example: `  up42hooks listen --listen :9888 --secret-file secrets.txt
  up42hooks listen --filter 'final kind:order' | jq .id`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return listen(cmd.Context(), w, cmd.Flags())
		},
	}
	config.AddFlags(cmd.Flags())
	return cmd
}

// listen receives without a screen until a signal, or the end of whoever reads
// its output, ends it.
func listen(ctx context.Context, w cli.Env, flags *pflag.FlagSet) (err error) {
	c, _, err := config.Load(flags, w.Getenv)
	if err != nil {
		return cli.UsageError(err)
	}
	// Go ends a program that writes into a broken pipe, unless it asks for the
	// signal: here the write fails, and the end is an orderly one.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(broken)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	defer context.AfterFunc(ctx, stop)()
	reloads := make(chan os.Signal, 1)
	signal.Notify(reloads, syscall.SIGHUP)
	defer signal.Stop(reloads)

	// A receiver without a screen keeps little and throws much away: collecting
	// that seldom gives a tenth more deliveries, and takes some 100 MB while very
	// many come in. Where large bodies do, the limit has it collected often enough.
	debug.SetGCPercent(1000)
	debug.SetMemoryLimit(256 << 20)
	logger := slog.New(slog.NewTextHandler(w.Stderr, nil))
	in, err := openIntake(ctx, w, c, logger)
	if err != nil {
		return cli.Ended(ctx, err)
	}
	defer func() { err = errors.Join(err, in.close()) }()
	counts, err := in.log.Counts(ctx)
	if err != nil {
		return cli.Ended(ctx, err)
	}
	if err := in.tellPeople(writerOf(w.Stderr)); err != nil {
		return err
	}
	in.introduce(logger)
	p := newPrinter(in.log, w.Stdout, counts.LastSeq, logger)
	p.keep = events.Keeper(w, c.Selection())
	events.SayDoubts(w, c.Selection())
	return in.listen(ctx, p, reloadOn(reloads, flags, logger))
}

// introduce says where deliveries go and where everything lies.
func (in *Intake) introduce(logger *slog.Logger) {
	if in.generated != "" {
		note := "no secret is configured: using the generated one"
		if in.made {
			note = "no secret is configured: generated one"
		}
		logger.Info(note, "file", in.generated)
	}
	logger.Info("receiving deliveries", "url", in.url(), "store", in.config.Store)
}

// reloader waits for wishes to reload and fulfils them until ctx ends.
type reloader func(ctx context.Context, in *Intake)

func reloadOn(signals <-chan os.Signal, flags *pflag.FlagSet, logger *slog.Logger) reloader {
	return func(ctx context.Context, in *Intake) {
		for {
			select {
			case <-ctx.Done():
				return
			case <-signals:
			}
			secrets, err := in.reload(flags)
			if err != nil {
				logger.Error("reload failed, the secrets stay as they were", "error", err)
				continue
			}
			logger.Info("reloaded", "secrets", secrets)
		}
	}
}

// printGrace bounds how long the end waits for a reader that does not read.
const printGrace = 5 * time.Second

// listen serves and prints until ctx ends. What was stored is printed before it
// returns, unless nobody reads.
func (in *Intake) listen(ctx context.Context, p *printer, reload reloader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var background errgroup.Group
	background.Go(func() error { reload(ctx, in); return nil })
	background.Go(func() error { return cli.EndOnHangup(ctx, in.Stdout, cancel) })
	// Printing goes on while the server drains.
	printing, stopPrinting := context.WithCancel(context.WithoutCancel(ctx))
	defer stopPrinting()
	printed := make(chan error, 1)
	go func() {
		err := p.run(printing)
		cancel()
		printed <- err
	}()
	err := in.serve(ctx)
	cancel()
	stopPrinting()
	return errors.Join(err, p.await(printed, printGrace), background.Wait())
}
