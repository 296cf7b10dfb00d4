package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// AddVersionFlag gives the root the flags --version and -v, which print what the command
// `version` prints.
func AddVersionFlag(env Env, root *cobra.Command) {
	root.Version = env.Build.String()
	root.SetVersionTemplate("{{.Version}}\n")
	root.Flags().BoolP("version", "v", false, "show the version, as the command version does")
}

// NewVersionCommand makes the command `version`.
func NewVersionCommand(env Env) *cobra.Command {
	var o Form
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Args:  NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return Print(env, &o, func() error {
				_, err := fmt.Fprintln(env.Stdout, env.Build)
				return err
			}, env.Build)
		},
	}
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}
