package main

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/demo"
	"github.com/up42/up42-webhooks/cmd/up42hooks/doctor"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/forward"
	"github.com/up42/up42-webhooks/cmd/up42hooks/send"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify"
	"github.com/up42/up42-webhooks/cmd/up42hooks/webhooks"
)

// newRoot makes all commands.
func newRoot(w cli.Env) *cobra.Command {
	root := dashboard.NewCommand(w)
	root.Use = "up42hooks"
	root.Short = "Watch, verify and store UP42 webhooks"
	root.Long = rootLong
	root.Example = rootExample
	root.AddCommand(
		dashboard.NewCommand(w), daemon.NewListenCommand(w),
		events.NewCommand(w), events.NewRowsCommand(w, events.Jobs), events.NewRowsCommand(w, events.Orders),
		webhooks.NewCommand(w), store.NewCommand(w), forward.NewCommand(w), send.NewCommand(w), verify.NewCommand(w),
		demo.NewCommand(w),
		demo.NewSimulateCommand(w),
		doctor.NewCommand(w),
		config.NewCommand(w), cli.NewVersionCommand(w),
	)
	return root
}

const rootLong = `up42hooks receives UP42's webhooks, checks their signatures, keeps every delivery
on disk and shows where your orders and jobs stand, live.

Without a command it shows the dashboard, with its receiver behind it (as "watch"
does); where its output is no terminal it prints events as "listen" does.
It needs no configuration: where no secret is given it makes one, once.

Each setting is a flag, else an environment variable, else a line of
$XDG_CONFIG_HOME/up42hooks/config.yaml (usually ~/.config/up42hooks/config.yaml),
else a default. "up42hooks config" shows what holds, and why.`

const rootExample = `  up42hooks                                      the dashboard
  up42hooks send --status FULFILLED              send yourself an event (in another terminal)
  up42hooks listen --listen :9888 | jq .status   events as JSON lines
  up42hooks events --since 1h --rejected         what was turned away, and why
  up42hooks orders --json | jq 'select(.final)'  where orders stand`
