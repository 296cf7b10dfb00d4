package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// NewVersionCommand makes the command `version`.
func NewVersionCommand(env Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Args:  NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return PrintJSON(env, env.Build)
			}
			_, err := fmt.Fprintln(env.Stdout, env.Build)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
