package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Run runs one command of a tree. It prints the error, if any, and returns the
// exit code: 0 if the command succeeded, 1 if it failed, 2 for wrong usage.
func Run(ctx context.Context, env Env, root *cobra.Command, args []string) int {
	prepareRoot(env, root, args)
	var helping error // cobra's help has no error
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		if helping = unknownBefore(cmd); helping == nil {
			helping = env.printHelp(cmd)
		}
	})
	root.SetArgs(args)
	// An error before the command has started comes from wrong usage.
	started := false
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !started {
		err = UsageError(err)
	}
	if err = plainly(err); helping != nil {
		err = errors.Join(err, helping)
	}
	if err != nil && err.Error() != "" {
		env.report(cmd, err)
	}
	return exitCode(err)
}

// plainly replaces the error of a command that was interrupted while it waited: its words are
// Go's, and say nothing to a user.
func plainly(err error) error {
	if !errors.Is(err, context.Canceled) {
		return err
	}
	var rest []error
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		rest = slices.DeleteFunc(slices.Clone(all.Unwrap()), func(e error) bool { return errors.Is(e, context.Canceled) })
	}
	if len(rest) > 0 {
		return errors.Join(rest...)
	}
	return Failed("interrupted")
}

// report tells the user of a command's error.
func (env Env) report(cmd *cobra.Command, err error) {
	if each := Each(nil); errors.As(err, &each) {
		for _, e := range each {
			env.complain("%v", e)
		}
		return
	}
	if env.ErrorLog != nil {
		if log := env.ErrorLog(cmd); log != nil {
			log.Error(env.AsCalled(err.Error()), "exit", exitCode(err))
			return
		}
	}
	env.complain("%v", err)
}

// prepareRoot sets input, output and the handling of errors for a whole tree.
func prepareRoot(env Env, root *cobra.Command, args []string) {
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.Args = KnownCommand
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		c, rest, _ := root.Find(args)
		if c == cmd && cmd.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
			// The first word is not a command, so the flags are not this command's.
			return KnownCommand(cmd, rest)
		}
		return flagError(cmd, args, err)
	})
	checkBuiltins(root)
	completeFlags(root)
}
