package config

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// Account returns a client for the configured account at UP42, or nil if there are
// no credentials. A token is used before a username and password, and these before
// the credentials file. The client signs in with its first call. The caller closes
// it.
func Account(env cli.Env, c *Config) (*client.Client, error) {
	credentials, ok, err := credentialsOf(c)
	if err != nil || !ok {
		return nil, err
	}
	return client.New(client.Options{
		APIURL:      cmp.Or(c.APIURL, client.APIURL(c.Region)),
		AuthURL:     cmp.Or(c.AuthURL, client.AuthURL(c.Region)),
		Credentials: credentials,
		Reread:      rereading(c),
		ClientID:    c.ClientID,
		Workspace:   c.Workspace,
		Now:         env.Now,
		UserAgent:   env.Build.UserAgent(),
	})
}

// RenewAccount gives an account the credentials of a configuration that was read again, if
// it has any.
func RenewAccount(account *client.Client, c *Config) error {
	credentials, ok, err := credentialsOf(c)
	if err != nil || !ok {
		return err
	}
	return account.Use(credentials, rereading(c))
}

// rereading returns a function that reads the credentials again: their file may change.
func rereading(c *Config) func() (client.Credentials, error) {
	return func() (client.Credentials, error) {
		credentials, ok, err := credentialsOf(c)
		if err == nil && !ok {
			err = errors.New("there are no credentials any more")
		}
		return credentials, err
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
	default:
		return client.Credentials{}, false, nil
	}
}
