package config

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// NewCommand makes the command `config`.
func NewCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:        "config",
		SuggestFor: []string{"settings", "configuration", "env"},
		Short:      "Show each setting, its value and its origin",
		Long: `Show each setting, its value and its origin. Secrets are not shown.

The file is $XDG_CONFIG_HOME/up42hooks/config.yaml or that of --config, with the names
of the flags:

  listen: 0.0.0.0:9888
  secret-file: /etc/up42hooks/secrets
  components: [date, digest]
  max-age: 5m`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, values, err := Load(cmd.Flags(), env)
			if err != nil {
				return cli.UsageError(err)
			}
			if len(Usable(c.Secrets)) == 0 && c.SecretFile == "" {
				showGenerated(values, GeneratedSecretFile(env))
			}
			return cli.Print(env, &o, func() error { return printValues(env, c, values) }, values...)
		},
	}
	AddFlags(cmd.Flags())
	o.AddFlags(cmd.Flags(), "print JSON lines")
	return cmd
}

func printValues(env cli.Env, c *Config, values []Value) error {
	l := cli.NewListing(env, NewTheme(env, c), []cli.Column[Value]{
		{Title: "SETTING", Cell: func(v Value) string { return v.Name }},
		{Title: "VALUE", Least: 16, Cell: func(v Value) string { return v.Text }},
		{Title: "FROM", Least: 16, Cell: func(v Value) string { return v.Origin }},
	})
	return l.Print(values)
}

// showGenerated describes the secret that is used if no secret is configured.
func showGenerated(values []Value, file string) {
	for i := range values {
		if values[i].Name == "secret" {
			values[i].Text = "generated once, in " + file
		}
	}
}
