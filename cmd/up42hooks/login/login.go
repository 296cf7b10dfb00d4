// Package login has the commands that keep the password at UP42 in the system's keyring.
package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/secretcheck"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/keyring"
)

// signInTimeout is how long UP42 may take to sign in.
const signInTimeout = time.Minute

// loginOptions are the flags of `login` that are not settings.
type loginOptions struct {
	cli.Form
	username  string
	fromStdin bool
}

// loginRecord is what `login --json` prints.
type loginRecord struct {
	AuthURL  string `json:"authUrl"`
	Username string `json:"username"`
	Kept     bool   `json:"kept"`
}

// logoutRecord is what `logout --json` prints.
type logoutRecord struct {
	AuthURL  string `json:"authUrl"`
	Username string `json:"username"`
	Removed  bool   `json:"removed"`
}

// NewCommand makes the command `login`.
func NewCommand(env cli.Env) *cobra.Command {
	var o loginOptions
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Keep the password at UP42 in the system's keyring",
		Long: `Ask for the user name and the password at UP42, sign in with them, and keep the
password in the system's keyring. From then on all commands sign in with it, unless other
credentials are set: a token, a user name and a password, or a credentials file. There is
one login for each region (or --auth-url).

The keyring is the Secret Service of the desktop (GNOME Keyring, KWallet), the keychain of
macOS or the credentials of Windows. A server has none: use --credentials there.`,
		Example: `  up42hooks login
  pass show up42 | up42hooks login --username ada@example.com --password-stdin`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.login(cmd.Context(), env, cmd.Flags())
		},
	}
	addFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.username, "username", "", "`NAME` of the user at UP42; without it, it is asked for")
	cmd.Flags().BoolVar(&o.fromStdin, "password-stdin", false, "read the password from standard input; needs --username")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

// NewLogoutCommand makes the command `logout`.
func NewLogoutCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Remove the password at UP42 from the system's keyring",
		Long: `Remove what "login" keeps: the password in the system's keyring, for the region or
--auth-url. A receiver that runs stays signed in until it ends.`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return logout(env, cmd.Flags(), &o) },
	}
	addFlags(cmd.Flags())
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

func addFlags(flags *pflag.FlagSet) {
	config.AddFlags(flags, "config", "region", "api-url", "auth-url", "client-id", "workspace")
}

func (o *loginOptions) login(ctx context.Context, env cli.Env, flags *pflag.FlagSet) error {
	c, _, err := config.Load(flags, env)
	if err != nil {
		return cli.UsageError(err)
	}
	file := config.LoginFile(env.Getenv)
	if file == "" {
		return cli.UsageError(errors.New("there is no folder for the login: set HOME or XDG_STATE_HOME"))
	}
	password, err := ask(env, &o.username, o.fromStdin)
	if err != nil {
		return err
	}
	for _, p := range secretcheck.Text(password) {
		env.Say("warning: the password %s. %s", p.What, p.Todo)
	}
	if err := signIn(ctx, env, c, client.Credentials{Username: o.username, Password: client.Secret(password)}); err != nil {
		return err
	}
	if err := keyring.Save(file, keyring.Login{AuthURL: config.SignInURL(c), Username: o.username}, password); err != nil {
		return err
	}
	err = cli.Print(env, &o.Form, func() error {
		env.Say("signed in as %s; the password is in the system's keyring, and up42hooks logout removes it", o.username)
		return nil
	}, loginRecord{config.SignInURL(c), o.username, true})
	if err != nil {
		return err
	}
	if config.HasCredentials(c) {
		env.Say("warning: other credentials are set, and are used before the keyring: see up42hooks config")
	}
	return nil
}

// ask returns the password, and the user name if it is not known yet.
func ask(env cli.Env, username *string, fromStdin bool) (password string, err error) {
	terminal, isTerminal := env.Terminal()
	switch {
	case fromStdin && *username == "":
		return "", cli.UsageError(errors.New("--password-stdin needs --username NAME"))
	case !fromStdin && !isTerminal:
		return "", cli.UsageError(errors.New("standard input is no terminal: give --username NAME and --password-stdin"))
	case *username == "":
		if *username, err = env.Ask(terminal, "user name at UP42: "); err != nil {
			return "", fmt.Errorf("read the user name: %w", err)
		}
	}
	if *username == "" {
		return "", cli.UsageError(errors.New("the user name is empty"))
	}
	for _, p := range secretcheck.Spelling(*username) {
		env.Say("warning: the user name %s. %s", p.What, p.Todo)
	}
	if password, err = env.ReadHidden("password at UP42: "); err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if password == "" {
		return "", cli.UsageError(errors.New("the password is empty"))
	}
	return password, nil
}

// signIn checks credentials.
func signIn(ctx context.Context, env cli.Env, c *config.Config, credentials client.Credentials) error {
	tried := *c
	tried.Credentials, tried.Token, tried.Login = "", "", nil
	tried.Username, tried.Password = credentials.Username, credentials.Password
	account, err := config.Account(env, &tried)
	if err != nil {
		return cli.UsageError(err)
	}
	defer account.Close()
	ctx, stop := env.UntilSignal(ctx)
	defer stop()
	limited, cancel := context.WithTimeout(ctx, signInTimeout)
	defer cancel()
	// A configured workspace needs no sign-in, so that the webhooks are asked for.
	_, err = account.Webhooks(limited)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return cli.Failed("interrupted: nothing is kept")
	}
	text := fmt.Sprintf("%v; nothing is kept", err)
	if advice := client.Advice(err); advice != "" {
		text += "; " + advice
	}
	return cli.Failed(text)
}

func logout(env cli.Env, flags *pflag.FlagSet, o *cli.Form) error {
	c, _, err := config.Load(flags, env)
	if err != nil {
		return cli.UsageError(err)
	}
	l, ok, err := keyring.Remove(config.LoginFile(env.Getenv), config.SignInURL(c))
	if err != nil {
		return err
	}
	return cli.Print(env, o, func() error {
		if ok {
			env.Say("%s is logged out: the password is removed from the system's keyring", l.Username)
		} else {
			env.Say("nobody is logged in at %s", config.SignInURL(c))
		}
		return nil
	}, logoutRecord{config.SignInURL(c), l.Username, ok})
}
