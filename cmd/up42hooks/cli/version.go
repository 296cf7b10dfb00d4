package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func NewVersionCommand(w Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Args:  NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return PrintJSON(w, w.Build)
			}
			_, err := fmt.Fprintln(w.Stdout, w.Build)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
