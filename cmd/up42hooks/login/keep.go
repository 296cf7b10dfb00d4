package login

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/keyring"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/secrets"
)

// NewKeepCommand makes the command that puts the value of a setting into the keyring.
func NewKeepCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "keep SETTING",
		Short: "Keep the value of a secret setting in the system's keyring",
		Long: `Ask for the value of a setting, or read it from standard input, and keep it in the
system's keyring: ` + cli.Alternatives(config.Keepable()) + `. From then on it is used unless a flag, a variable or the
configuration file sets it. The password at UP42 has a command of its own, "login".

The keyring is the Secret Service of the desktop (GNOME Keyring, KWallet), the keychain of
macOS or the credentials of Windows. A server has none: use a file there.`,
		Example: `  up42hooks config keep basic-auth
  pass show webhooks | up42hooks config keep secret`,
		Args:              settingArg,
		ValidArgsFunction: cli.CompleteOne(config.Keepable()),
		RunE:              func(cmd *cobra.Command, args []string) error { return keep(env, cmd, args[0], &o) },
	}
	config.AddFlags(cmd.Flags(), "config")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

// NewForgetCommand makes the command that removes the value of a setting from the keyring.
func NewForgetCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:               "forget SETTING",
		Short:             "Remove the value of a setting from the system's keyring",
		Long:              `Remove what "keep" has put into the system's keyring.`,
		Args:              settingArg,
		ValidArgsFunction: cli.CompleteOne(config.Keepable()),
		RunE: func(_ *cobra.Command, args []string) error {
			removed, err := keyring.RemoveSetting(config.KeyringFile(env.Getenv), args[0])
			if err != nil {
				return fmt.Errorf("forget %s: %w", args[0], err)
			}
			return cli.Print(env, &o, func() error {
				if removed {
					env.Say("%s is removed from the system's keyring", args[0])
				} else {
					env.Say("%s is not in the keyring", args[0])
				}
				return nil
			}, forgetRecord{args[0], removed})
		},
	}
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

// keepRecord and forgetRecord are what the commands print as JSON.
type keepRecord struct {
	Setting string `json:"setting"`
	Kept    bool   `json:"kept"`
}

type forgetRecord struct {
	Setting string `json:"setting"`
	Removed bool   `json:"removed"`
}

// settingArg allows one setting that the keyring can have.
func settingArg(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) != 1:
		return cli.UsageError(fmt.Errorf("%s takes the name of one setting, but got %d arguments; see %s --help", cli.PathOf(cmd), len(args), cmd.CommandPath()))
	case !slices.Contains(config.Keepable(), args[0]):
		return cli.UsageError(fmt.Errorf("%q: %w", args[0], cli.Unknown(args[0], config.Keepable())))
	}
	return nil
}

func keep(env cli.Env, cmd *cobra.Command, name string, o *cli.Form) error {
	file := config.KeyringFile(env.Getenv)
	if file == "" {
		return cli.UsageError(errors.New("there is no folder that says what is in the keyring: set HOME or XDG_STATE_HOME"))
	}
	value, err := env.ReadHidden(name + ": ")
	if err != nil {
		return fmt.Errorf("read the value: %w", err)
	}
	if err := config.Check(name, value); err != nil {
		return cli.UsageError(fmt.Errorf("%s: %w", name, err))
	}
	for _, f := range secrets.Typed(name, value) {
		env.Say("warning: %s. %s", f, f.Todo)
	}
	if err := keyring.SaveSetting(file, name, value); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	err = cli.Print(env, o, func() error {
		env.Say("%s is in the system's keyring; up42hooks config forget %s removes it", name, name)
		return nil
	}, keepRecord{name, true})
	if err != nil {
		return err
	}
	_, values, err := config.Read(cmd.Flags(), env)
	if err != nil {
		return cli.UsageError(err)
	}
	if i := slices.IndexFunc(values, func(v config.Value) bool { return v.Name == name }); !config.IsDefault(values, name) {
		env.Say("warning: it is also set by %s, which goes first", values[i].Origin)
	}
	return nil
}
