package send

import (
	"errors"
	"net"
	"net/url"
	"os"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

// targetURL returns the URL to send to. given is the flag's and may be empty: then it is
// the receiver's. If no address is configured (anyAddress), the receiver may run on
// another one; the lock of the store has it.
func targetURL(given string, c *config.Config, anyAddress bool) (string, error) {
	if given != "" {
		u, err := url.Parse(given)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			// The URL may contain a password, so the error does not quote it.
			return "", errors.New("--url: want a URL like http://127.0.0.1:9888/receive-webhooks")
		}
		return given, nil
	}
	address := c.Listen
	if anyAddress && c.Store != "" {
		if holder, err := store.HeldBy(c.Store); err == nil && holder != nil && holder.Address != "" {
			address = holder.Address
		}
	}
	if _, port, _ := net.SplitHostPort(address); port == "0" {
		return "", errors.New("the receiver is configured to use any free port: give its address with --url")
	}
	return ReceiverURL(address, c.Path)
}

// ReceiverURL returns the URL of a receiver on this machine that listens on an address.
func ReceiverURL(address, path string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: path}
	return u.String(), nil
}

// signingSecret returns the first configured secret, or the generated one.
func signingSecret(env cli.Env, c *config.Config) (string, error) {
	secrets, err := config.ConfiguredSecrets(c)
	if err != nil {
		return "", err
	}
	if secrets = config.Usable(secrets); len(secrets) > 0 {
		return secrets[0], nil
	}
	secret, err := config.ReadGenerated(config.GeneratedSecretFile(env))
	if errors.Is(err, os.ErrNotExist) {
		return "", errors.New("there is no secret to sign with: give --secret-file or UP42_WEBHOOK_SECRET, start up42hooks once so that it generates one, or send --unsigned to a receiver with --allow-unsigned")
	}
	return secret, err
}
