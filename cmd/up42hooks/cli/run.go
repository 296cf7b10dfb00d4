package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
)

// Run runs one command of a tree and returns its exit code: 0 done, 1 failed, 2
// wrong usage.
func Run(ctx context.Context, w Env, root *cobra.Command, args []string) int {
	prepareRoot(w, root, args)
	root.SetArgs(args)
	// An error before a command has begun is one of usage.
	begun := false
	root.PersistentPreRun = func(*cobra.Command, []string) { begun = true }
	err := root.ExecuteContext(ctx)
	if err != nil && !begun {
		err = UsageError(err)
	}
	if err != nil && err.Error() != "" {
		w.Say("%v", err)
	}
	return exitCode(err)
}

// prepareRoot gives a root command what all trees have in common.
func prepareRoot(w Env, root *cobra.Command, args []string) {
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.Args = KnownCommand
	root.SetIn(w.Stdin)
	root.SetOut(w.Stdout)
	root.SetErr(w.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if cmd == root && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
			// The first word is no command, and so its flags are not the root's.
			return KnownCommand(root, args)
		}
		return flagError(cmd, err)
	})
	tameBuiltins(root)
	completeFlags(root)
}
