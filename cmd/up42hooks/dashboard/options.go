package dashboard

import (
	"path/filepath"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/paths"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/prompt"
)

// commonOptions are the options that do not depend on who receives.
func commonOptions(env cli.Env, c *config.Config, log receiver.Reader) tui.Options {
	var filters [4]prompt.SavedFilter
	for i, expr := range c.Filters {
		filters[i].Expr = expr
	}
	return tui.Options{
		Log: log, Filters: filters, Keys: c.Own.Keys, Commands: c.Own.Commands, Columns: c.Own.Columns, Theme: config.NewTheme(env, c), ASCII: !env.UTF8(), Still: c.NoMotion, NoMouse: c.NoMouse, Now: env.Now,
		Version: env.Build.Version, Program: env.Program, CrashDir: filepath.Dir(c.Store), Home: paths.Home(env.Getenv),
		Getenv: env.Getenv, Console: c.Console,
	}
}
