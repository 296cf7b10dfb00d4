package daemon

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
)

func NewWatchCommand(w cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Show the dashboard, with its receiver (the default)",
		Long: `Show the dashboard, with its receiver behind it. Where another up42hooks receives
into the same store already, it only watches. Where its output is no terminal, it
prints events as "listen" does.`,
		Example: `  up42hooks watch --public-url https://hooks.example.com
  UP42_WEBHOOK_SECRET=… up42hooks`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !w.HasScreen() {
				sayWhyNoScreen(w)
				return listen(cmd.Context(), w, cmd.Flags())
			}
			return watch(cmd.Context(), w, cmd.Flags())
		},
	}
	config.AddFlags(cmd.Flags())
	return cmd
}

// sayWhyNoScreen tells who sits at a terminal why it shows no dashboard.
func sayWhyNoScreen(w cli.Env) {
	if _, ok := w.Width(); ok {
		w.Say("no dashboard on this terminal (TERM is dumb): printing events as JSON lines, as listen does; ctrl+c ends it")
	}
}

// watch shows the dashboard until its user, a signal or the end of the terminal
// ends it.
func watch(ctx context.Context, w cli.Env, flags *pflag.FlagSet) (err error) {
	c, _, err := config.Load(flags, w.Getenv)
	if err != nil {
		return cli.UsageError(err)
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	log, err := openLogFile(c.Log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	in, err := openIntake(ctx, w, c, log.logger())
	var other *store.Holder
	if errors.As(err, &other) {
		return cli.Ended(ctx, view(ctx, w, c, other))
	}
	if err != nil {
		return cli.Ended(ctx, err)
	}
	return in.watch(ctx)
}

// watch receives, shows, and at the end of the one ends the other.
func (in *Intake) watch(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, in.close()) }()
	screen := screenOf(in.Env)
	if err := in.tellPeople(screen.ring); err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	defer stop()
	stands, served := make(chan tui.Standing, 1), make(chan error, 1)
	go func() {
		err := in.serve(serving)
		if err != nil {
			stands <- tui.Standing{Err: err}
		}
		served <- err
	}()
	board := dashboard(in.Env, in.config, in.log, stands)
	board.Storing, board.Strays, board.Stray = in.storing, in.handler.UnmatchedRequests, in.handler.LastUnmatchedPath
	board.Receiver = tui.Receiver{
		Address: in.address(), Path: in.config.Path, PublicURL: in.config.PublicURL,
		Store: in.config.Store, SecretFile: in.generated, Notice: in.notice(),
	}
	in.connect(&board)
	board.Forwarding = hands{in}
	err = show(in.Env, ctx, screen, board)
	stop()
	return errors.Join(err, <-served)
}

func (in *Intake) notice() string {
	if in.demo != "" {
		return "demo: UP42 is simulated on " + strings.TrimPrefix(in.demo, "http://") + ", and nothing is kept"
	}
	if !in.made {
		return ""
	}
	return "made a secret for your webhooks: it lies in " + in.generated
}

// view shows the dashboard on a store that another process receives into.
func view(ctx context.Context, w cli.Env, c *config.Config, other *store.Holder) (err error) {
	account, err := config.Account(w, c)
	if err != nil {
		return cli.UsageError(err)
	}
	if account != nil {
		defer account.Close()
	}
	log, err := store.AwaitReader(ctx, w, c.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	watching, stop := context.WithCancel(ctx)
	defer stop()
	stands, watched := make(chan tui.Standing), make(chan struct{})
	go func() {
		defer close(watched)
		followReceiver(watching, c.Store, *other, stands)
	}()
	board := dashboard(w, c, log, stands)
	board.Receiver = tui.Receiver{
		Address: other.Address, Path: c.Path, PublicURL: c.PublicURL, Viewer: true, Store: c.Store, Notice: other.Error(),
	}
	connectViewer(w, &board, c, account, other.Address)
	board.Forwarding = newOthersHands(c, log, other.PID)
	err = show(w, ctx, screenOf(w), board)
	stop()
	<-watched
	return err
}

// lookAgain is how often a viewer looks whether the receiver still runs.
const lookAgain = time.Second

// followReceiver tells when whoever receives into the store is gone, and when
// somebody does again or elsewhere, until ctx ends.
func followReceiver(ctx context.Context, file string, known store.Holder, tell chan<- tui.Standing) {
	gone := false
	for cli.Pause(ctx, lookAgain); ctx.Err() == nil; cli.Pause(ctx, lookAgain) {
		holder, err := store.HeldBy(file)
		switch {
		case err != nil:
			err = fmt.Errorf("look for the receiver: %w", err)
		case holder == nil && gone, holder != nil && !gone && *holder == known:
			continue
		case holder == nil:
			err = fmt.Errorf("start up42hooks anew (process %d is gone)", known.PID)
		default:
			known = *holder
		}
		gone = err != nil
		select {
		case tell <- tui.Standing{Err: err, Address: known.Address}:
		case <-ctx.Done():
		}
	}
}

// dashboard is what the dashboard needs, but for its receiver.
func dashboard(w cli.Env, c *config.Config, log receiver.Reader, stands <-chan tui.Standing) tui.Options {
	var filters [4]tui.SavedFilter
	for i, expr := range c.Filters {
		filters[i].Expr = expr
	}
	return tui.Options{
		Log: log, Stands: stands, Filters: filters, Theme: cli.NewTheme(w, c.Theme, c.HighContrast), ASCII: !cli.Utf8Locale(w.Getenv), Now: w.Now,
		Version: w.Build.Version, Program: w.Program, CrashDir: filepath.Dir(c.Store), Home: w.Getenv("HOME"),
	}
}
