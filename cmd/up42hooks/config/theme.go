package config

import (
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/theme"
)

// NewTheme makes the configured theme for stdout.
func NewTheme(env cli.Env, c *Config) *theme.Theme {
	return cli.NewTheme(env, c.Theme, c.HighContrast)
}
