package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// reloadTask reloads the secrets on each signal. It names the settings that have changed since the start
// and that it does not read.
func reloadTask(d *Daemon, signals <-chan os.Signal, flags *pflag.FlagSet, start []config.Value) Task {
	return func(ctx context.Context) error {
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-signals:
			}
			secrets, values, err := d.reload(flags)
			if err != nil {
				d.logger.Error("reload failed, the secrets stay as they were", "error", err)
				continue
			}
			d.logger.Info("reloaded", "secrets", secrets)
			if names := slices.DeleteFunc(config.Changed(start, values), d.reloads); len(names) > 0 {
				d.logger.Warn("settings have changed that only a restart reads", "settings", strings.Join(names, ","))
			}
		}
	}
}

// reload reads the configured secrets, rules for signatures and credentials again. If
// that fails, nothing changes; credentials that can't be read stay as they were, which is
// logged. Other settings need a restart.
func (d *Daemon) reload(flags *pflag.FlagSet) (secrets int, values []config.Value, err error) {
	c, values, err := config.Read(flags, d.Env)
	if err != nil {
		return 0, nil, err
	}
	p, err := d.policyAfter(c)
	if err != nil {
		return 0, nil, err
	}
	if d.Account != nil {
		if err := config.RenewAccount(d.Env, d.Account, c); err != nil {
			d.logger.Warn("the credentials for UP42 stay as they were", "error", err)
		}
	}
	d.logWarnings(c)
	notifySystemd(d.logger, stateReloading)
	d.Secrets.configure(p)
	d.Secrets.requestRefresh()
	notifySystemd(d.logger, stateReady)
	d.settings = c
	return len(p.Secrets), values, nil
}

// The settings that a reload reads: those of the policy, and, if there is an account, its credentials.
var (
	ofPolicy      = []string{"secret", "secret-file", "allow-unsigned", "require-digest", "components", "max-age", "max-message-age", "max-future"}
	ofCredentials = []string{"credentials", "username", "password", "token"}
)

// reloads reports whether a reload reads a setting.
func (d *Daemon) reloads(setting string) bool {
	return slices.Contains(ofPolicy, setting) || d.Account != nil && slices.Contains(ofCredentials, setting)
}

// policyAfter returns the policy of a configuration that was read again. It generates no secret, and
// does not go back to the generated one: UP42 signs with those that were there before, and genuine
// deliveries would be rejected. What took them away is mostly a file that is being replaced.
func (d *Daemon) policyAfter(c *config.Config) (signature.Policy, error) {
	if d.settings.FileRead && !c.FileRead {
		return signature.Policy{}, fmt.Errorf("the configuration file %s is gone: put it back, or start the receiver again without it", d.settings.File)
	}
	all, err := config.ConfiguredSecrets(c)
	if err != nil {
		return signature.Policy{}, err
	}
	configured := len(config.Usable(all)) > 0
	if d.configured && !configured {
		return signature.Policy{}, errors.New("no secret is configured any more: configure one, or start the receiver again to use a generated one")
	}
	p, err := config.ExistingPolicy(d.Env, c)
	if err == nil && len(config.Usable(p.Secrets)) == 0 {
		err = fmt.Errorf("the generated secret is gone from %s: put it back, or start the receiver again to generate another one", d.GeneratedSecret)
	}
	if err == nil {
		d.configured = configured
	}
	return p, err
}
