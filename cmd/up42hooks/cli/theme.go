package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/tui/theme"
)

// NewTheme makes the theme of that name for stdout. Any other name leaves the choice
// to the environment. NewTheme asks the terminal nothing, because some terminals never
// answer.
func NewTheme(env Env, name string, highContrast bool) *theme.Theme {
	profile := env.colours()
	return theme.New(theme.Options{
		Profile:      profile,
		Mono:         profile == termenv.Ascii && env.HasScreen() && env.Getenv("TERM") != "",
		Name:         themeName(name, env.Getenv("COLORFGBG")),
		HighContrast: highContrast,
		ASCII:        !env.UTF8(),
	})
}

// colours is how many colours stdout can show: none if it is not a terminal, or
// if NO_COLOR is set.
func (env Env) colours() termenv.Profile {
	f := FileOf(env.Stdout)
	if f == nil {
		return termenv.Ascii
	}
	return termenv.NewOutput(f, termenv.WithEnvironment(variables(env.Getenv))).EnvColorProfile()
}

// variables gives termenv the variables of an Env.
type variables func(string) string

func (v variables) Getenv(key string) string { return v(key) }
func (v variables) Environ() []string        { return nil }

// themeName returns the name of a theme, or else the one for the terminal's background
// as COLORFGBG says it ("15;0": the last number is the background's colour). If that
// does not say it, the background is dark.
func themeName(name, colorFGBG string) string {
	if slices.Contains(theme.Names(), name) {
		return name
	}
	background, err := strconv.Atoi(colorFGBG[strings.LastIndexByte(colorFGBG, ';')+1:])
	// Of the sixteen colours, 7 and those after 8 are light.
	if err != nil || background < 7 || background == 8 {
		return theme.Dark
	}
	return theme.Light
}
