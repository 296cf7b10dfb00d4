package store

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// fileArg allows at most one argument, a FILE.
func fileArg(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return cli.UsageError(fmt.Errorf("%s takes one FILE, but got %d; see %s --help", cli.PathOf(cmd), len(args), cmd.CommandPath()))
	}
	if len(args) == 1 && args[0] == "" {
		return cli.UsageError(fmt.Errorf("FILE is empty: name a file, or - for standard input or output; see %s --help", cmd.CommandPath()))
	}
	return nil
}

// oneFile wants one argument, a FILE.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "" || args[0] == "-" {
		return cli.UsageError(fmt.Errorf("%s wants the name of a FILE; see %s --help", cli.PathOf(cmd), cmd.CommandPath()))
	}
	return nil
}

// fileOf returns the file. It is empty for standard input or output.
func fileOf(args []string) string {
	if len(args) == 0 || args[0] == "-" {
		return ""
	}
	return args[0]
}
