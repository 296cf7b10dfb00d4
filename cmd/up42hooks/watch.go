package main

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

func newWatchCommand(w world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Show the dashboard, with its receiver (the default)",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return listen(cmd.Context(), w, cmd.Flags())
		},
	}
	config.AddFlags(cmd.Flags())
	return cmd
}
