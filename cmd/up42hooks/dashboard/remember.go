package dashboard

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
)

// remember lets the screen remember its state in a file beside the store. What is wrong with the
// file is only logged: the screen works without it. A file of a newer program is left alone.
// Filters with a configured secret in them are not written.
func remember(o *tui.Options, c *config.Config, logger *slog.Logger) {
	file := c.Store + beside.Screen
	secret := secretIn(c)
	state, err := remembered.Read(file)
	if err != nil {
		logger.Warn("how the screen was left is not known", "error", err)
	}
	o.Remembered = state
	if errors.Is(err, remembered.ErrNewer) {
		return
	}
	var writing sync.Mutex // what is written last stays
	logged := false
	o.Remember = func(ctx context.Context, s remembered.State) {
		writing.Lock()
		defer writing.Unlock()
		if err := s.Without(secret).Write(ctx, file); err != nil && ctx.Err() == nil && !logged {
			logger.Warn("how the screen is left can't be written down", "error", err)
			logged = true
		}
	}
}

// secretIn returns a function that reports whether a text has one of the configured secrets in
// it.
func secretIn(c *config.Config) func(text string) bool {
	secrets, _ := config.ConfiguredSecrets(c) // who starts the receiver says what is wrong with the file
	for _, g := range c.Given {
		if g.Setting != "username" {
			secrets = append(secrets, g.Values...)
		}
	}
	return func(text string) bool {
		return slices.ContainsFunc(secrets, func(s string) bool { return strings.TrimSpace(s) != "" && strings.Contains(text, s) })
	}
}
