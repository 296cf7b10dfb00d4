// Package team makes a receiver a member of a team, as the configuration says.
package team

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// New makes the member, nil if no team is configured. forwarded may be nil. An error is one of usage.
func New(c *config.Config, store jetstream.Store, accept func(*receiver.Event) bool, forwarded *Forwarded, logger *slog.Logger) (*jetstream.Team, error) {
	if len(c.Stream.Servers) == 0 {
		return nil, Unused(c, false)
	}
	o, err := options(c)
	if err != nil {
		return nil, err
	}
	o.Store, o.Accept, o.Logger = store, accept, logger
	if forwarded != nil {
		o.Done = forwarded.To
	}
	return jetstream.New(o), nil
}

// NewFollower makes a member that publishes nothing. A team is configured.
func NewFollower(c *config.Config, store jetstream.Store, logger *slog.Logger) (*jetstream.Team, error) {
	o, err := options(c)
	if err != nil {
		return nil, err
	}
	o.Store, o.Logger, o.FollowOnly = store, logger, true
	return jetstream.New(o), nil
}

// Examine looks at the team's servers. member is false if no team is configured.
func Examine(ctx context.Context, c *config.Config) (f jetstream.Findings, member bool, err error) {
	if len(c.Stream.Servers) == 0 {
		return f, false, Unused(c, false)
	}
	o, err := options(c)
	if err != nil {
		return f, true, err
	}
	f, err = jetstream.Examine(ctx, o)
	return f, true, err
}

func options(c *config.Config) (o jetstream.Options, err error) {
	s := &c.Stream
	if (s.Cert == "") != (s.Key == "") {
		return o, errors.New("--stream-cert and --stream-key need each other")
	}
	if files := slices.DeleteFunc([]string{s.Creds, s.NKey, s.Login}, func(f string) bool { return f == "" }); len(files) > 1 {
		return o, errors.New("give one of --stream-creds, --stream-nkey, --stream-login")
	}
	host, err := os.Hostname()
	if err != nil && s.Member == "" {
		return o, fmt.Errorf("the machine has no name (%w): give --stream-member NAME", err)
	}
	member, err := MemberName(s.Member, host)
	return jetstream.Options{
		Servers: s.Servers, Name: s.Name, Replicas: s.Replicas, Keep: s.Keep, Member: member, Workspace: c.Workspace,
		Receives: c.PublicURL != "" || c.Tunnel != "" && c.Tunnel != config.NoTunnel,
		Access:   jetstream.Access{Creds: s.Creds, NKey: s.NKey, Login: s.Login, CA: s.CA, Cert: s.Cert, Key: s.Key},
	}, err
}

// Unused returns an error if options of a team are given without one. With onlyFlags it is no matter
// what variables and the file say: they are also for other commands.
func Unused(c *config.Config, onlyFlags bool) error {
	for _, i := range c.Stream.Idle {
		if i.Flag || !onlyFlags {
			return fmt.Errorf("%s (from %s) does nothing without a team: name its server by --stream URL, or leave %[1]s out", i.Setting, i.Origin)
		}
	}
	return nil
}

// MemberName is the name of a member: the given one, or else that of the machine.
func MemberName(given, host string) (string, error) {
	name := cmp.Or(given, host)
	if !config.IsMemberName(name) {
		return "", fmt.Errorf("the name of the machine, %q, can't be that of a member: give --stream-member NAME", safe.Line(name[:min(len(name), 64)]))
	}
	return name, nil
}

// AckAll returns a log that answers when the stream has the event as well.
func AckAll(log receiver.Log, t *jetstream.Team) receiver.Log { return &acked{log, t} }

// acked is a log that also waits for the stream.
type acked struct {
	receiver.Log
	team *jetstream.Team
}

func (l *acked) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	r, err := l.Log.Append(ctx, e)
	if err != nil {
		return r, err
	}
	return r, l.team.Await(ctx, r.Seq)
}
