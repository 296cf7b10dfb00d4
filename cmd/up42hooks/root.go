package main

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/admit"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/demo"
	"github.com/up42/up42-webhooks/cmd/up42hooks/doctor"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/forward"
	"github.com/up42/up42-webhooks/cmd/up42hooks/login"
	"github.com/up42/up42-webhooks/cmd/up42hooks/mcp"
	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/cmd/up42hooks/recording"
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
	cli.AddQuietFlag(env, root)
	for _, g := range groups(env) {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, c := range g.commands {
			c.GroupID = g.title
			root.AddCommand(c)
		}
	}
	root.AddGroup(&cobra.Group{ID: topicsGroup, Title: topicsGroup})
	for _, c := range topics() {
		c.GroupID = topicsGroup
		root.AddCommand(c)
	}
	config.CompleteThemes(env, root)
	root.SetHelpCommandGroupID(lookAfter)
	root.SetCompletionCommandGroupID(lookAfter)
	return root
}

// group is a group of commands in the help.
type group struct {
	title    string
	commands []*cobra.Command
}

// lookAfter is the group of the commands that look after the program.
const lookAfter = "Look after it"

// topicsGroup is the group of what only help knows.
const topicsGroup = "Topics of help"

func groups(env cli.Env) []group {
	listed := events.NewCommand(env)
	listed.AddCommand(admit.NewCommand(env))
	settings := config.NewCommand(env)
	settings.AddCommand(login.NewKeepCommand(env), login.NewForgetCommand(env))
	return []group{
		{"Watch", []*cobra.Command{dashboard.NewCommand(env), dashboard.NewListenCommand(env), forward.NewCommand(env)}},
		{"Inspect", []*cobra.Command{
			listed, events.NewRowsCommand(env, events.Orders), events.NewRowsCommand(env, events.Jobs), verify.NewCommand(env), mcp.NewCommand(env),
		}},
		{"Manage UP42's webhooks", []*cobra.Command{webhooks.NewCommand(env), login.NewCommand(env), login.NewLogoutCommand(env)}},
		{"Try", []*cobra.Command{
			demo.NewCommand(env), demo.NewSimulateCommand(env), send.NewCommand(env), recording.NewRecordCommand(env), recording.NewPlayCommand(env),
		}},
		{lookAfter, []*cobra.Command{
			doctor.NewCommand(env), store.NewCommand(env), probe.NewCommand(env), settings, cli.NewVersionCommand(env),
		}},
	}
}

var rootLong = `up42hooks receives UP42's webhooks, checks their signatures, keeps every delivery
on disk and shows the state of your orders and jobs, live.

Without a command it shows the dashboard, with its receiver behind it (as "watch"
does). If its output is not a terminal, it prints events as "listen" does.
It needs no configuration: if no secret is given, it generates one, once.

Each setting is a flag (--max-age), else an environment variable (UP42_MAX_AGE), else
a line of the configuration file (max-age: 5m), else a default. The file is
` + config.UsualFile() + `, unless --config names another. "up42hooks config"
shows all values, and where they come from.`

const rootExample = `  up42hooks                                      the dashboard
  up42hooks send --status FULFILLED              send yourself an event
  up42hooks listen --listen :9888 | jq .status   events as JSON lines
  up42hooks events --since 1h --rejected         rejected deliveries, and why
  up42hooks orders --json | jq 'select(.final)'  the orders that are done`
