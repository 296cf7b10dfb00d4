package daemon

import (
	"context"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// NewAdmitter makes an Admitter for a command that works while no receiver runs. It judges
// by the configuration, and, if there is an account, by the secrets of the workspace's
// webhooks. If UP42 does not tell these, it warns and goes on without them.
func NewAdmitter(ctx context.Context, env cli.Env, c *config.Config, log *sqlite.Log) (*admission.Admitter, error) {
	p, _, _, err := config.NewPolicy(env, c)
	if err != nil {
		return nil, err
	}
	account, err := config.Account(env, c)
	if err != nil {
		return nil, cli.UsageError(err)
	}
	secrets := newSecrets(p, config.PointsHere(c, c.Listen))
	h := receiver.NewHandler(receiver.HandlerOptions{Log: log, MaxBody: c.MaxBody, BodyMemory: c.BodyMemory, Now: env.Now}, p)
	secrets.attach(h, func() {})
	if account != nil {
		defer account.Close()
		const patience = 20 * time.Second
		asking, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("no answer within %v", patience))
		defer cancel()
		if _, err := secrets.read(asking, account); err != nil && ctx.Err() == nil {
			if asking.Err() != nil {
				err = context.Cause(asking)
			}
			env.Say("the secrets of the workspace's webhooks are not tried: %v", err)
		}
	}
	return admission.New(admission.Options{Log: log, Judge: h.JudgeAgain, Now: env.Now}), ctx.Err()
}
