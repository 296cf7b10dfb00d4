package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

func flagNames(cmd *cobra.Command) (names []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// oneDash is the end of an error about a long flag with one dash before it, as in -json. It is
// empty if no argument is near a flag, first of the command, then of any. Such an argument is
// not repeated, because it may be a short flag with a secret.
func oneDash(cmd *cobra.Command, args []string) string {
	for _, arg := range args {
		if arg == "--" {
			break
		}
		word, ok := strings.CutPrefix(arg, "-")
		word, _, _ = strings.Cut(word, "=")
		if !ok || strings.HasPrefix(word, "-") || len(word) < 3 {
			continue
		}
		if near := nearest.Slip(word, flagNames(cmd)); near != "" {
			return proposal("--"+near, cmd)
		}
		if of := ofOthers(cmd, word); of != "" {
			return of
		}
	}
	return ""
}

// unknownFlag is the end of an error about a flag that a command does not have: a similar
// flag, or the commands that have it, or where to look.
func unknownFlag(cmd *cobra.Command, name string) string {
	own := flagNames(cmd)
	if near := nearest.Slip(name, own); near != "" {
		return proposal("--"+near, cmd)
	}
	switch owners := owners(cmd.Root(), name); {
	case len(owners) > fewOwners:
		return fmt.Sprintf(": many other commands have it, %s does not; see %s --help", PathOf(cmd), cmd.CommandPath())
	case len(owners) > 0:
		return fmt.Sprintf(": it is a flag of %s; see %s --help", someOf(owners), cmd.CommandPath())
	}
	if near := nearest.Word(name, own); near != "" {
		return proposal("--"+near, cmd)
	}
	if of := ofOthers(cmd, name); of != "" {
		return of
	}
	return proposal("", cmd)
}

// fewOwners is how many commands may have a flag for which they are typical.
const fewOwners = 12

// ofOthers proposes a similar flag of other commands. Without one it returns "".
func ofOthers(cmd *cobra.Command, name string) string {
	var all []string
	eachCommand(cmd.Root(), func(c *cobra.Command) { all = append(all, flagNames(c)...) })
	near := nearest.Slip(name, all)
	if near == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean --%s of %s? See %s --help", near, someOf(owners(cmd.Root(), near)), cmd.CommandPath())
}

// owners returns the commands that have a flag.
func owners(root *cobra.Command, flag string) (paths []string) {
	eachCommand(root, func(c *cobra.Command) {
		if c.Flags().Lookup(flag) != nil {
			paths = append(paths, c.CommandPath())
		}
	})
	slices.Sort(paths)
	return slices.Compact(paths)
}

func eachCommand(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, sub := range c.Commands() {
		eachCommand(sub, do)
	}
}

// someOf lists the first commands.
func someOf(commands []string) string {
	const most = 3
	switch {
	case len(commands) > most:
		return strings.Join(commands[:most], ", ") + " and others"
	case len(commands) > 1:
		last := len(commands) - 1
		return strings.Join(commands[:last], ", ") + " and " + commands[last]
	default:
		return strings.Join(commands, "")
	}
}
