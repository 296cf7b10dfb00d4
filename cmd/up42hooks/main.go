// Command up42hooks receives, verifies, stores and shows UP42 webhooks.
package main

import (
	"context"
	"io"
	"log"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/pid1"
	"github.com/up42/up42-webhooks/cmd/up42hooks/quietstart"
	"github.com/up42/up42-webhooks/tui/console"
)

// version is set by the linker (see the Makefile). It is empty in other builds.
var version string

// garbage is how much garbage there may be, as a percentage of the memory that is in use. Commands read one
// large event after the other, and need each for a moment only: with the 100 of the runtime they take a
// tenth more memory, and are no faster. Receivers and screens set their own.
const garbage = 50

func main() {
	quietstart.Restore()
	console.Enable(os.Stdout, os.Stderr)
	if code, ok := pid1.Run(); ok {
		os.Exit(code)
	}
	debug.SetGCPercent(garbage)
	log.SetOutput(io.Discard) // net/http quotes there, on the screen, what servers say unasked
	env := cli.System(version)
	env.ErrorLog = func(cmd *cobra.Command) *slog.Logger { return dashboard.ErrorLog(env, cmd) }
	os.Exit(cli.Run(context.Background(), env, newRoot(env), os.Args[1:]))
}
