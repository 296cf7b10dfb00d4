package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
)

// failure ends a command with exit code 1 and nothing more to say than its
// message; an empty one was said already.
type failure struct{ msg string }

func (f failure) Error() string { return f.msg }

// misuse ends a command with exit code 2.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// run runs one command and returns its exit code: 0 done, 1 it failed, 2 wrong
// usage.
func run(ctx context.Context, w world, args []string) int {
	root := newRoot(w, args...)
	root.SetArgs(args)
	// What fails before a command has begun is the fault of its arguments.
	begun := false
	root.PersistentPreRun = func(*cobra.Command, []string) { begun = true }
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if err.Error() != "" {
		w.say("%v", err)
	}
	if !begun || errors.As(err, new(misuse)) {
		return 2
	}
	return 1
}

// newRoot makes all commands. The arguments are those that will be run, for what
// is said of them.
func newRoot(w world, args ...string) *cobra.Command {
	root := newWatchCommand(w)
	root.Use = "up42hooks"
	root.Short = "Watch, verify and store UP42 webhooks"
	root.Long = rootLong
	root.Example = rootExample
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.Args = knownCommand
	root.SetIn(w.stdin)
	root.SetOut(w.stdout)
	root.SetErr(w.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if cmd == root && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
			return knownCommand(root, args) // its flags are no wonder
		}
		return flagError(cmd, err)
	})
	root.AddCommand(
		newWatchCommand(w), newListenCommand(w),
		newEventsCommand(w), newRowsCommand(w, jobs), newRowsCommand(w, orders),
		newWebhooksCommand(w), newStoreCommand(w), newForwardCommand(w), newSendCommand(w), newVerifyCommand(w),
		newDemoCommand(w),
		newSimulateCommand(w),
		newDoctorCommand(w),
		newConfigCommand(w), newVersionCommand(w),
	)
	tameBuiltins(root)
	completeFlags(root)
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
