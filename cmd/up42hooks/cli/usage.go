package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// KnownCommand is the cobra.Command.Args of a command with subcommands. It allows
// no argument; an unknown subcommand is an error that proposes a similar one.
func KnownCommand(parent *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return UsageError(fmt.Errorf("unknown command %q%s", args[0], proposal(nearestCommand(parent, args[0]), parent)))
}

// unknownBefore returns the error of an unknown command before --help, for which there is no help.
func unknownBefore(cmd *cobra.Command) error {
	if words := cmd.Flags().Args(); cmd.HasSubCommands() && len(words) > 0 {
		return cmd.ValidateArgs(words)
	}
	return nil
}

// nearestCommand returns the name of the subcommand that a user probably meant. It is empty
// if no name is near.
func nearestCommand(parent *cobra.Command, word string) string {
	var names []string
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand() {
			names = append(names, c.Name())
			if slices.Contains(c.SuggestFor, strings.ToLower(word)) {
				return c.Name()
			}
		}
	}
	if !parent.HasParent() {
		names = append(names, "help")
	}
	return nearest.Word(word, names)
}

// checkBuiltins makes cobra's own commands `completion` and `help` reject unknown
// arguments, as the other commands do.
func checkBuiltins(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Args = KnownCommand
			c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
		case "help":
			c.Args = func(_ *cobra.Command, topic []string) error {
				if c, rest, err := root.Find(topic); err == nil && c.HasSubCommands() {
					return KnownCommand(c, rest)
				}
				return nil
			}
		}
	}
}

// NoArgs is the cobra.Command.Args of a command that takes only flags.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if nearestCommand(cmd, args[0]) != "" {
		return KnownCommand(cmd, args)
	}
	return UsageError(fmt.Errorf("%s takes no argument, but got %q; see %s --help", PathOf(cmd), args[0], cmd.CommandPath()))
}

// PathOf is a command for an error, which begins with the name of the program.
func PathOf(cmd *cobra.Command) string {
	return strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
}

const twoDashes = "a long flag begins with two dashes"

// flagError is the usage error for a wrong flag. It does not contain the flag's
// value, which may be a secret.
func flagError(cmd *cobra.Command, args []string, err error) error {
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	if errors.As(err, &invalid) {
		if meant := oneDash(cmd, args); meant != "" && invalid.GetFlag().Shorthand != "" {
			return UsageError(errors.New(twoDashes + meant))
		}
		return UsageError(fmt.Errorf("--%s: %s", invalid.GetFlag().Name, wanted(invalid)))
	}
	if errors.As(err, &missing) {
		return UsageError(fmt.Errorf("--%s wants a value; see %s --help", missing.GetSpecifiedName(), cmd.CommandPath()))
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return UsageError(err)
	}
	name := unknown.GetSpecifiedName()
	if unknown.GetSpecifiedShortnames() != "" {
		if meant := oneDash(cmd, args); meant != "" {
			return UsageError(errors.New(twoDashes + meant))
		}
		return UsageError(fmt.Errorf("unknown flag -%s%s", name, proposal("", cmd)))
	}
	return UsageError(fmt.Errorf("unknown flag --%s%s", name, unknownFlag(cmd, name)))
}

// wanted says what value a flag wants.
func wanted(e *pflag.InvalidValueError) string {
	switch e.GetFlag().Value.Type() {
	case "int", "int64", "uint", "uint64", "float64":
		return "want a number"
	case "duration":
		return "want a duration, like 10s or 5m"
	case "bool":
		if errors.As(e, new(*strconv.NumError)) {
			return "want true or false"
		}
	}
	return e.Unwrap().Error()
}

// proposal is the end of an error: a similar word, or where to look.
func proposal(word string, cmd *cobra.Command) string {
	if word != "" {
		return fmt.Sprintf(": did you mean %q? See %s --help", word, cmd.CommandPath())
	}
	return fmt.Sprintf("; see %s --help", cmd.CommandPath())
}
