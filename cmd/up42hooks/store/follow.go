package store

import (
	"context"
	"errors"
	"log/slog"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// followTeam brings the store up to date with the team's stream, if one is configured. With keep
// it goes on until stop is called. If another process receives into the store, that one follows
// the stream. Without a server the store stays as it is, and the user is told.
func followTeam(ctx context.Context, env cli.Env, c *config.Config, keep bool) (stop func() error, err error) {
	nothing := func() error { return nil }
	if len(c.Stream.Servers) == 0 {
		if err := team.Unused(c, true); err != nil {
			return nil, cli.UsageError(err)
		}
		return nothing, nil
	}
	lock, err := TakeLock(ctx, c.Store)
	if held := (*Holder)(nil); errors.As(err, &held) {
		return nothing, nil
	}
	if err != nil {
		return nil, err
	}
	log, err := sqlite.Open(ctx, c.Store, sqlite.Options{Now: env.Now, Keep: c.Keep, KeepEvents: c.KeepEvents})
	if err != nil {
		return nil, errors.Join(err, lock.Discard())
	}
	release := func() error { return errors.Join(log.Close(), lock.Release()) }
	m, err := team.NewFollower(c, log, config.NewLogger(env.Stderr, &config.Config{LogLevel: slog.LevelWarn}))
	if err != nil {
		return nil, errors.Join(cli.UsageError(err), release())
	}
	if err := m.CatchUp(ctx); err != nil && ctx.Err() == nil {
		env.Say("the team's stream can't be read, so this is what is here: %v", err)
	}
	if !keep || ctx.Err() != nil {
		return nothing, errors.Join(ctx.Err(), release())
	}
	following, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- m.Run(following) }()
	return func() error {
		end()
		return errors.Join(<-ended, release())
	}, nil
}
