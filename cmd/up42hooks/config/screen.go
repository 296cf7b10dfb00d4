package config

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/theme"
)

// look are the settings of how a screen looks. hand are those of what its keys do and which columns
// it has.
var (
	look = []string{"themes", "theme", "color", "high-contrast", "no-motion", "no-mouse"}
	hand = []string{"filters", "keys", "commands", "columns"}
)

// ReadLook reads how the user's screen looks, and nothing else: for a screen that is not about the
// user's receiver. ReadScreen also reads what its keys do and which columns it has.
func ReadLook(flags *pflag.FlagSet, env cli.Env) (*Config, error) { return readSome(flags, env, look) }

// ReadScreen reads how the user's screen looks, what its keys do and which columns it has.
func ReadScreen(flags *pflag.FlagSet, env cli.Env) (*Config, error) {
	return readSome(flags, env, slices.Concat(look, hand))
}

func readSome(flags *pflag.FlagSet, env cli.Env, names []string) (*Config, error) {
	o := newOrigins(flags, env)
	warning, err := o.readFile()
	if err != nil {
		return nil, err
	}
	c := &Config{}
	if warning != "" {
		c.Warnings = append(c.Warnings, warning)
	}
	for _, s := range settings {
		if !slices.Contains(names, s.name) {
			continue
		}
		if _, err := o.take(s, c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// TakeScreen takes what ReadLook or ReadScreen has read.
func (c *Config) TakeScreen(from *Config) {
	c.Own, c.Filters = from.Own, from.Filters
	c.Theme, c.HighContrast, c.NoMotion, c.NoMouse, c.Color = from.Theme, from.HighContrast, from.NoMotion, from.NoMouse, from.Color
}

// CompleteThemes makes the shell also propose the user's own themes, for a command and those below
// it. A configuration with a mistake proposes nothing.
func CompleteThemes(env cli.Env, cmd *cobra.Command) {
	if f := cmd.Flags().Lookup("theme"); f != nil {
		cli.Complete(cmd, f.Name, func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			names := append([]string{Auto}, theme.Names()...)
			if c, err := readSome(cmd.Flags(), env, []string{"themes"}); err == nil {
				names = append(names, slices.Sorted(maps.Keys(c.Own.Themes))...)
			}
			return cli.CompleteOne(names)(cmd, args, typed)
		})
	}
	for _, c := range cmd.Commands() {
		CompleteThemes(env, c)
	}
}

// chooseTheme takes one of our themes or of the user's own. It warns of texts that are hard to read.
func chooseTheme(c *Config, values []string) error {
	name := values[len(values)-1]
	known := slices.Concat([]string{Auto}, theme.Names(), slices.Sorted(maps.Keys(c.Own.Themes)))
	if !slices.Contains(known, name) {
		return cli.Unknown(name, known)
	}
	c.Theme = name
	if own, ok := c.Own.Themes[name]; ok {
		for _, text := range own.Faint() {
			c.Warnings = append(c.Warnings, fmt.Sprintf("theme %s: %s, less than 4.5: it is hard to read", name, text))
		}
	}
	return nil
}
