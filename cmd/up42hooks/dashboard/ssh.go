package dashboard

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/tui"
)

// NewListenCommand makes the command `listen`, which also serves the dashboard over SSH.
func NewListenCommand(env cli.Env) *cobra.Command { return daemon.ListenCommand(env, ServeSSH) }

// ServeSSH serves the dashboard of a receiver over SSH, if that is configured. It is a
// [daemon.Addition].
func ServeSSH(ctx context.Context, d *daemon.Daemon, flags *pflag.FlagSet) error {
	return addSSH(ctx, d, &Manner{Flags: flags})
}

// SSH are the options of a server that serves the dashboard over SSH.
type SSH struct {
	// Address and Keys are the settings --ssh and --ssh-keys.
	Address, Keys string
	// Audience, Limit and MaskKey: see remote.Options.
	Audience bool
	Limit    int
	MaskKey  []byte
	// HostKey is the file of the host key, which is made if it is missing.
	HostKey string
}

// Open makes a server that listens, and logs its address and the fingerprint of its host key. The
// caller runs it with Serve, which also closes it.
func (o SSH) Open(ctx context.Context, env cli.Env, logger *slog.Logger) (_ *remote.Server, err error) {
	if err := remote.CheckAddress(o.Address, o.Keys, o.Audience); err != nil {
		return nil, cli.UsageError(err)
	}
	made := remote.Options{Audience: o.Audience, Limit: o.Limit, MaskKey: o.MaskKey, Logger: logger, Now: env.Now}
	if o.Keys != "" {
		if made.Keys, err = remote.ReadKeyFile(o.Keys, env.Now); err != nil {
			return nil, cli.UsageError(err)
		}
	}
	if made.HostKey, err = remote.HostKey(o.HostKey); err != nil {
		return nil, err
	}
	l, err := daemon.ListenOn(ctx, env.Build.UserAgent(), "--ssh", o.Address)
	if err != nil {
		return nil, err
	}
	s, err := remote.New(l, made)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	logger.Info("ssh: serving the dashboard", "address", s.Address(), "fingerprint", remote.Fingerprint(made.HostKey), "file", o.HostKey)
	return s, nil
}

// configuredSSH makes the server of the settings. It is nil if no address is configured.
func configuredSSH(ctx context.Context, env cli.Env, c *config.Config, logger *slog.Logger) (*remote.Server, error) {
	switch {
	case c.SSH == "" && c.SSHKeys != "":
		return nil, cli.UsageError(errors.New("--ssh-keys says who may look over SSH, and needs --ssh ADDR, like --ssh :2222"))
	case c.SSH == "":
		return nil, nil
	}
	return SSH{Address: c.SSH, Keys: c.SSHKeys, HostKey: remote.HostKeyFile(c.Store)}.Open(ctx, env, logger)
}

// addSSH makes a server show the receiver while that runs: manner.SSH, or else the server of the
// settings, which it sets as manner.SSH.
func addSSH(ctx context.Context, d *daemon.Daemon, manner *Manner) error {
	if manner.SSH == nil {
		s, err := configuredSSH(ctx, d.Env, d.Config, d.Logger())
		if s == nil || err != nil {
			return err
		}
		manner.SSH = s
		d.Add(s.Serve)
	}
	ShowOverSSH(d, manner.SSH, manner.Flags)
	return nil
}

// ShowOverSSH makes a server show a receiver while that runs. The flags are those of the receiver's
// command, from which commands in sessions take their settings; they may be nil. It does nothing
// if the server is nil.
func ShowOverSSH(d *daemon.Daemon, s *remote.Server, flags *pflag.FlagSet) {
	if s == nil {
		return
	}
	if flags == nil {
		flags = new(pflag.FlagSet)
	}
	d.Add(func(ctx context.Context) error {
		s.Show(boardOf(ctx, d, flags))
		<-ctx.Done()
		return nil
	})
}

// boardOf is a receiver of this process, as sessions see it.
func boardOf(ctx context.Context, d *daemon.Daemon, flags *pflag.FlagSet) *remote.Board {
	b := &remote.Board{Ctx: ctx, Env: d.Env, Flags: flags, Log: d.Log, Changed: d.Secrets.Update}
	if d.Account != nil {
		b.API = d.Account
	}
	b.Screen = func(env cli.Env) tui.Options { return receiverOptions(env, d) }
	return b
}
