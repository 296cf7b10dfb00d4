package main

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/admit"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/demo"
	"github.com/up42/up42-webhooks/cmd/up42hooks/doctor"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/forward"
	"github.com/up42/up42-webhooks/cmd/up42hooks/login"
	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/cmd/up42hooks/send"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify"
	"github.com/up42/up42-webhooks/cmd/up42hooks/webhooks"
)

// newRoot makes the command up42hooks with all its subcommands.
func newRoot(env cli.Env) *cobra.Command {
	root := dashboard.NewCommand(env)
	root.Use = "up42hooks"
	root.Short = "Watch, verify and store UP42 webhooks"
	root.Long = rootLong
	root.Example = rootExample
	cli.AddVersionFlag(env, root)
	listed := events.NewCommand(env)
	listed.AddCommand(admit.NewCommand(env))
	root.AddCommand(
		dashboard.NewCommand(env), daemon.NewListenCommand(env),
		listed, events.NewRowsCommand(env, events.Jobs), events.NewRowsCommand(env, events.Orders),
		webhooks.NewCommand(env), login.NewCommand(env), login.NewLogoutCommand(env), store.NewCommand(env), forward.NewCommand(env), send.NewCommand(env), verify.NewCommand(env),
		demo.NewCommand(env),
		demo.NewSimulateCommand(env),
		doctor.NewCommand(env), probe.NewCommand(env),
		config.NewCommand(env), cli.NewVersionCommand(env),
	)
	return root
}

const rootLong = `up42hooks receives UP42's webhooks, checks their signatures, keeps every delivery
on disk and shows the state of your orders and jobs, live.

Without a command it shows the dashboard, with its receiver behind it (as "watch"
does). If its output is not a terminal, it prints events as "listen" does.
It needs no configuration: if no secret is given, it generates one, once.

Each setting is a flag (--max-age), else an environment variable (UP42_MAX_AGE), else
a line of the configuration file (max-age: 5m), else a default. The file is
~/.config/up42hooks/config.yaml, unless --config names another. "up42hooks config"
shows all values, and where they come from.`

const rootExample = `  up42hooks                                      the dashboard
  up42hooks send --status FULFILLED              send yourself an event (in another terminal)
  up42hooks listen --listen :9888 | jq .status   events as JSON lines
  up42hooks events --since 1h --rejected         rejected deliveries, and why
  up42hooks orders --json | jq 'select(.final)'  the orders that are done`
