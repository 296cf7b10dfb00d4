package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/keyring"
)

// Account returns a client for the configured account at UP42, or nil if there are
// no credentials. A token is used before a username and password, these before
// the credentials file, and that before the keyring. The client signs in with its first call.
// The caller closes it.
func Account(env cli.Env, c *Config) (*client.Client, error) { return account(env, c, "") }

// ServiceAccount is [Account] for a program that is perhaps restarted again and again: each
// start remembers that the one before was refused.
func ServiceAccount(env cli.Env, c *Config) (*client.Client, error) {
	file := ""
	if dir, err := StateFolder(env.Getenv); err == nil {
		file = filepath.Join(dir, "sign-in.json")
	}
	return account(env, c, file)
}

func account(env cli.Env, c *Config, refusedFile string) (*client.Client, error) {
	credentials, ok, err := credentialsOf(c)
	if err != nil || !ok {
		return nil, err
	}
	return client.New(client.Options{
		RefusedFile: refusedFile,
		APIURL:      cmp.Or(c.APIURL, client.APIURL(c.Region)),
		AuthURL:     SignInURL(c),
		Credentials: credentials,
		Reread:      rereading(env, c),
		ClientID:    c.ClientID,
		Workspace:   c.Workspace,
		Now:         env.Now,
		UserAgent:   env.Build.UserAgent(),
		Learned:     learned(env),
	})
}

// learned tells the secrets that a client learns to the environment.
func learned(env cli.Env) func(client.Secret) {
	if env.Learned == nil {
		return nil
	}
	return func(s client.Secret) { env.Learned(s.Reveal()) }
}

// RenewAccount gives an account the credentials of a configuration that was read again, if
// it has any.
func RenewAccount(env cli.Env, account *client.Client, c *Config) error {
	credentials, ok, err := credentialsOf(c)
	if err != nil || !ok {
		return err
	}
	return account.Use(credentials, rereading(env, c))
}

// rereading returns a function that reads the credentials again: their file may change, or
// another login may have been made. It is not safe for concurrent use.
func rereading(env cli.Env, c *Config) func() (client.Credentials, error) {
	if c.Login != nil {
		return rereadingLogin(LoginFile(env.Getenv), SignInURL(c))
	}
	return func() (client.Credentials, error) {
		credentials, ok, err := credentialsOf(c)
		if err == nil && !ok {
			err = errors.New("there are no credentials any more")
		}
		return credentials, err
	}
}

// rereadingLogin asks the keyring only after a new login, which writes the file: the user may
// have to unlock the keyring each time.
func rereadingLogin(file, authURL string) func() (client.Credentials, error) {
	seen, _ := os.Stat(file) // without it the first look asks
	return func() (client.Credentials, error) {
		now, err := os.Stat(file)
		if err != nil {
			return client.Credentials{}, err
		}
		if seen != nil && os.SameFile(seen, now) && seen.ModTime().Equal(now.ModTime()) {
			return client.Credentials{}, errors.New("there was no new login")
		}
		l, ok, err := keyring.Find(file, authURL)
		if err != nil || !ok {
			return client.Credentials{}, errors.Join(err, errors.New("there is no login any more"))
		}
		seen = now
		credentials, _, err := credentialsOf(&Config{Login: &l})
		return credentials, err
	}
}

// SignInURL returns the address of UP42's sign-in.
func SignInURL(c *Config) string { return cmp.Or(c.AuthURL, client.AuthURL(c.Region)) }

// LoginFile returns the file that names the logins. It returns "" if there is no folder for
// it.
func LoginFile(getenv func(string) string) string {
	dir, err := StateFolder(getenv)
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "logins.json")
}

// KeyringFile returns the file that names the settings whose values are in the keyring. It
// returns "" if there is no folder for it.
func KeyringFile(getenv func(string) string) string {
	dir, err := StateFolder(getenv)
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "keyring.json")
}

// Keepable returns the settings whose values may be in the keyring: the secrets that have a
// flag. A command without that flag does not need them, and never asks the keyring.
func Keepable() (names []string) {
	for _, s := range settings {
		if s.keepable() {
			names = append(names, s.name)
		}
	}
	return names
}

func (s setting) keepable() bool { return s.secret && !s.noFlag }

// Check returns an error if a setting can't have this value.
func Check(name, value string) error {
	s, ok := lookup(name)
	if !ok {
		return errors.New("there is no such setting")
	}
	if value == "" {
		return errors.New("the value is empty")
	}
	return s.check(&Config{}, s.split(value))
}

// fromKeyring returns the value of a setting that was put into the keyring.
func (o *origins) fromKeyring(s setting) (v rawValue, ok bool, err error) {
	file := KeyringFile(o.getenv)
	if file == "" || !s.keepable() || o.flags.Lookup(s.name) == nil {
		return rawValue{}, false, nil
	}
	if ok, err = keyring.HasSetting(file, s.name); err != nil || !ok {
		return rawValue{}, false, err
	}
	text, err := keyring.Setting(s.name)
	if err != nil {
		return rawValue{}, false, fmt.Errorf("%s (from the keyring): %w", s.name, err)
	}
	return rawValue{values: s.split(text), origin: "keyring"}, true, nil
}

// HasCredentials reports whether there are credentials that are used before the keyring.
func HasCredentials(c *Config) bool {
	return c.Token != "" || c.Username != "" || c.Password != "" || c.Credentials != ""
}

// addLogin sets the login for the sign-in, if there is one and no other credentials are set.
// It does not ask the keyring.
func (o *origins) addLogin(c *Config, values []Value) {
	file := LoginFile(o.getenv)
	if file == "" || HasCredentials(c) {
		return
	}
	l, ok, err := keyring.Find(file, SignInURL(c))
	if err != nil {
		c.Warnings = append(c.Warnings, err.Error())
	}
	if !ok {
		return
	}
	c.Login = &l
	for i := range values {
		switch values[i].Name {
		case "username":
			values[i].Text, values[i].Origin = l.Username, "keyring"
		case "password":
			values[i].Text, values[i].Origin = "set, not shown", "keyring"
		}
	}
}

// credentialsOf returns the credentials to use. ok reports whether there are any.
func credentialsOf(c *Config) (_ client.Credentials, ok bool, err error) {
	switch {
	case c.Token != "":
		return client.Credentials{Token: c.Token}, true, nil
	case c.Username != "" && c.Password != "":
		return client.Credentials{Username: c.Username, Password: c.Password}, true, nil
	case c.Username != "":
		return client.Credentials{}, false, errors.New("there is a username for UP42, but no password: set UP42_PASSWORD")
	case c.Password != "":
		return client.Credentials{}, false, errors.New("there is a password for UP42, but no username: set UP42_USERNAME")
	case c.Credentials != "":
		credentials, err := client.ReadCredentials(c.Credentials)
		if err != nil {
			return client.Credentials{}, false, fmt.Errorf("credentials: %w", err)
		}
		return credentials, true, nil
	case c.Login != nil:
		password, err := c.Login.Password()
		return client.Credentials{Username: c.Login.Username, Password: client.Secret(password)}, err == nil, err
	default:
		return client.Credentials{}, false, nil
	}
}
