package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/tui/stage"
)

// overSSH are the flags of a demo that others look at over SSH, beside those that are settings.
type overSSH struct {
	audience bool
	limit    int
}

func (o *overSSH) addFlags(cmd *cobra.Command) {
	config.AddFlags(cmd.Flags(), "ssh", "ssh-keys")
	cmd.Flags().BoolVar(&o.audience, "audience", false, "with --ssh: anyone may look, without a key, and sees stand-ins of ids, URLs and names")
	cmd.Flags().IntVar(&o.limit, "audience-limit", remote.DefaultAudience, "how many of the audience look at a time, `NUMBER` from 1 to "+fmt.Sprint(remote.MostSessions))
}

// served is the server of a demo. Its zero value serves nothing.
type served struct {
	server *remote.Server
	invite *stage.Invite
	// maskKey is the key of the stand-ins: they are the same on all screens.
	maskKey []byte
	logger  *slog.Logger
	close   func() error
}

// open opens the server, if --ssh is given. Its settings are flags only: those in the environment and
// in the configuration file are for the user's own receiver. logger is nil if the demo has the screen;
// then the server logs into the user's log. The caller runs what is returned.
func (o *overSSH) open(ctx context.Context, env cli.Env, flags *pflag.FlagSet, logger *slog.Logger) (_ *served, err error) {
	c, err := o.read(env, flags)
	s := &served{maskKey: []byte(rand.Text()), logger: logger, close: func() error { return nil }}
	if err != nil || c.SSH == "" {
		return s, err
	}
	if logger == nil {
		if s.logger, s.close, err = dashboard.OpenLog(c); err != nil {
			return s, err
		}
	}
	made := dashboard.SSH{
		Address: c.SSH, Keys: c.SSHKeys, Audience: o.audience, MaskKey: s.maskKey, HostKey: filepath.Join(filepath.Dir(c.Store), "demo.ssh-host-key"),
	}
	if o.audience {
		made.Limit = o.limit
	}
	if s.server, err = made.Open(ctx, env, s.logger); err != nil {
		return s, errors.Join(err, s.close())
	}
	if o.audience {
		s.invite = &stage.Invite{Command: remote.CommandFor(s.server.Address()), Looking: s.server.Looking, Limit: o.limit}
		s.logger.Info("ssh: the audience types", "command", s.invite.Command)
	}
	return s, nil
}

// read reads the flags about SSH, and checks that they fit together.
func (o *overSSH) read(env cli.Env, flags *pflag.FlagSet) (*config.Config, error) {
	getenv := env.Getenv
	env.Getenv = func(name string) string {
		if strings.HasPrefix(name, "UP42_") {
			return ""
		}
		return getenv(name)
	}
	c, _, err := config.ReadWithoutFile(flags, env)
	switch {
	case err != nil:
	case c.SSH == "" && (o.audience || c.SSHKeys != ""):
		err = errors.New("--audience and --ssh-keys need --ssh ADDR, like --ssh :2222")
	case flags.Changed("audience-limit") && !o.audience:
		err = errors.New("--audience-limit needs --audience")
	case o.limit < 1 || o.limit > remote.MostSessions:
		err = fmt.Errorf("--audience-limit %d: want a number from 1 to %d", o.limit, remote.MostSessions)
	case c.SSH != "" && c.Store == "":
		err = errors.New("there is no folder for the host key of SSH: set HOME")
	}
	if err != nil {
		return nil, cli.UsageError(err)
	}
	return c, nil
}

// run serves in the background until ctx ends or stop is called. The caller calls stop, which waits for
// the end of all sessions and closes the log.
func (s *served) run(ctx context.Context) (stop func() error) {
	if s.server == nil {
		return s.close
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- s.server.Serve(ctx) }()
	return func() error {
		cancel()
		return errors.Join(<-done, s.close())
	}
}
