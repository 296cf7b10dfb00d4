// Package dashboard is the command that shows the screen: on its own receiver, or
// as a viewer if another process receives into the same store.
package dashboard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/tui/stage"
)

// options are the flags of `watch` that are no settings.
type options struct {
	cli.Lines
	record string
	stays  bool
}

// NewCommand makes the command `watch`.
func NewCommand(env cli.Env) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:        "watch",
		SuggestFor: []string{"dashboard", "ui", "tui", "top"},
		Short:      "Show the dashboard, with its receiver (the default)",
		Long: `Show the dashboard, with its receiver behind it. If another up42hooks receives into
the same store already, it only watches, and receives in its place five seconds after
that has ended, if it has the secrets. If its output is not a terminal, it prints
events as "listen" does.`,
		Example: `  up42hooks watch --public-url https://hooks.example.com
  UP42_WEBHOOK_SECRET=… up42hooks`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case o.record != "" && (o.JSON() || !env.HasScreen()):
				return cli.UsageError(errNoScreenToRecord)
			case o.stays && (o.JSON() || !env.HasScreen()):
				return cli.UsageError(errNoScreenToWatch)
			case o.JSON():
				return daemon.Listen(cmd.Context(), env, cmd.Flags(), "", ServeSSH)
			case !env.HasScreen():
				return daemon.Listen(cmd.Context(), env, cmd.Flags(), whyNoScreen(env), ServeSSH)
			}
			return o.run(cmd.Context(), env, cmd.Flags())
		},
	}
	config.AddFlags(cmd.Flags())
	o.AddFlags(cmd.Flags(), "show no screen: print events as JSON lines, as listen does")
	cmd.Flags().StringVar(&o.record, "record", "", "record what comes in into a new `FILE`, without what is personal (see play)")
	cmd.Flags().BoolVar(&o.stays, "only-watch", false, "if another process receives, go on watching when that ends")
	return cmd
}

var (
	errNoScreenToRecord = errors.New("--record needs the dashboard: up42hooks record --follow FILE records beside any receiver")
	errNoScreenToWatch  = errors.New("--only-watch needs the dashboard: up42hooks events --follow prints what another process receives")
)

// whyNoScreen says why a terminal shows no dashboard. It is empty if stdout is no terminal.
func whyNoScreen(env cli.Env) string {
	if _, ok := env.Width(); ok {
		return "no dashboard on this terminal (TERM is dumb): printing events as JSON lines, as listen does; ctrl+c ends it"
	}
	return ""
}

// ErrorLog returns the log for the errors of a command that receives without a screen, if
// its log is JSON: then every line of stderr is. Otherwise it returns nil.
func ErrorLog(env cli.Env, cmd *cobra.Command) *slog.Logger {
	json := cmd.Flags().Lookup("json")
	screen := cmd.Name() != "listen" && env.HasScreen() && (json == nil || !json.Changed)
	receives := cmd.Name() == "listen" || cmd.Name() == "watch" || !cmd.HasParent()
	if screen || !receives || config.LogFormatOf(cmd.Flags(), env) != config.LogJSON {
		return nil
	}
	return config.NewLogger(env.Stderr, &config.Config{LogFormat: config.LogJSON})
}

// fewConnections is how many connections a dashboard has open unless the user sets another
// number. UP42 needs a few. While strangers send long heads or bodies a connection costs up to
// 120 KB and makes garbage: with 512 connections they made the dashboard grow by 61 MB, with 64
// by 21, with 32 by 16 MB (TestFloodOfTheDashboard).
const fewConnections = 32

// run shows the dashboard until the user, a signal or the end of the terminal
// ends it.
func (o *options) run(ctx context.Context, env cli.Env, flags *pflag.FlagSet) (err error) {
	c, values, err := config.Read(flags, env, "store", "log")
	if err != nil {
		return cli.UsageError(err)
	}
	if config.IsDefault(values, "max-connections") {
		c.MaxConnections = fewConnections
	}
	if err := team.Unused(c, true); err != nil {
		return cli.UsageError(err) // a viewer reads no more of the team's options
	}
	ctx, stop := UntilSignal(ctx, env)
	defer stop()
	logger, closeLog, err := OpenLog(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	d, manner, err := o.receiveOrView(ctx, env, c, flags, logger)
	if d == nil {
		return cli.IgnoreCancel(ctx, err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return Watch(ctx, d, manner)
}

// receiveOrView opens a receiver as soon as no other process receives into the store; until then it
// shows what the other one receives. The receiver is nil if the user has ended that.
func (o *options) receiveOrView(ctx context.Context, env cli.Env, c *config.Config, flags *pflag.FlagSet, logger *slog.Logger) (*daemon.Daemon, Manner, error) {
	manner := Manner{Alone: true, Remember: logger, Record: o.record, Flags: flags, Mode: new(stage.Mode)}
	w := viewing{record: o.record, stays: o.stays, mode: manner.Mode}
	for {
		d, err := daemon.Open(ctx, env, c, logger, daemon.Little)
		var other *store.Holder
		switch {
		case err == nil:
			manner.Notice = cmp.Or(manner.Notice, secretNotice(d))
			return d, manner, nil
		case errors.As(err, &other):
			w.other, w.notice = other, ""
		case w.other == nil || ctx.Err() != nil:
			return nil, manner, err
		default: // it could not take over
			logger.Error("can't receive in place of the other process", "error", err)
			w.notice, w.stays = "can't receive in place of the other process: "+err.Error(), true
		}
		takeOver, err := view(ctx, env, c, flags, logger, w)
		if err != nil || !takeOver {
			return nil, manner, err
		}
		manner.Notice = fmt.Sprintf("process %d has ended: this one receives now", w.other.PID)
		logger.Info("receiving in place of another process, which has ended", "process", w.other.PID)
	}
}

// secretNotice is the notice of a secret that was just generated, else "".
func secretNotice(d *daemon.Daemon) string {
	if !d.SecretIsNew {
		return ""
	}
	return "made a secret for your webhooks: it is in " + d.GeneratedSecret
}
