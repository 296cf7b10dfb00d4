package main

import (
	"github.com/spf13/cobra"
)

// newRoot makes all commands.
func newRoot(w world) *cobra.Command {
	root := newWatchCommand(w)
	root.Use = "up42hooks"
	root.Short = "Watch, verify and store UP42 webhooks"
	root.Long = rootLong
	root.Example = rootExample
	root.AddCommand(
		newWatchCommand(w), newListenCommand(w),
		newEventsCommand(w), newRowsCommand(w, jobs), newRowsCommand(w, orders),
		newWebhooksCommand(w), newStoreCommand(w), newForwardCommand(w), newSendCommand(w), newVerifyCommand(w),
		newDemoCommand(w),
		newSimulateCommand(w),
		newDoctorCommand(w),
		newConfigCommand(w), newVersionCommand(w),
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
