package config

import (
	"fmt"
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/theme"
)

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
