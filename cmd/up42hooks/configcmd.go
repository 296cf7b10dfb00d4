package main

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

func newConfigCommand(w world) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show each setting, its value and where that came from",
		Long: `Show each setting, its value and where that came from. Secrets are not shown.

The file is $XDG_CONFIG_HOME/up42hooks/config.yaml, with the names of the flags:

  listen: 0.0.0.0:9888
  secret-file: /etc/up42hooks/secrets
  components: [date, digest]
  max-age: 5m`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, values, err := config.Load(cmd.Flags(), w.getenv)
			if err != nil {
				return usageError(err)
			}
			if len(usable(c.Secrets)) == 0 && c.SecretFile == "" {
				sayGenerated(values, generatedSecretFile(w))
			}
			if asJSON {
				return printJSON(w, values...)
			}
			return printValues(w, c, values)
		},
	}
	config.AddFlags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON lines")
	return cmd
}

func printValues(w world, c *config.Config, values []config.Value) error {
	l := newListing(w, newTheme(w, c.Theme, c.HighContrast), []column[config.Value]{
		{title: "SETTING", cell: func(v config.Value) string { return v.Name }},
		{title: "VALUE", least: 16, cell: func(v config.Value) string { return v.Text }},
		{title: "FROM", least: 16, cell: func(v config.Value) string { return v.Origin }},
	})
	return l.print(values)
}

// sayGenerated tells which secret is used where none is configured.
func sayGenerated(values []config.Value, file string) {
	for i := range values {
		if values[i].Name == "secret" {
			values[i].Text = "made once, in " + file
		}
	}
}
