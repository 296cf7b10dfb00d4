package cli

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/tui/theme"
)

// The values of --color.
const (
	AutoColor    = "auto"
	alwaysColour = "always"
	neverColour  = "never"
)

// Colors returns the values of --color.
func Colors() []string { return []string{AutoColor, alwaysColour, neverColour} }

// NewTheme makes a theme for stdout: the one with this name, with these colours and contrast, and
// with or without colours as the value of --color says. Any other name, and any other value, leave
// the choice to the environment; so does [theme.HighContrast], which has no colours of its own.
// NewTheme asks the terminal nothing, because some terminals never answer.
func NewTheme(env Env, color string, look theme.Options) *theme.Theme {
	profile := env.colours(color)
	return theme.New(theme.Options{
		Profile:      profile,
		Mono:         profile == termenv.Ascii && env.HasScreen() && env.Getenv("TERM") != "",
		Name:         themeName(look.Name, env.Getenv("COLORFGBG")),
		HighContrast: look.HighContrast || look.Name == theme.HighContrast,
		Colours:      look.Colours,
		ASCII:        !env.UTF8(),
		Links:        profile != termenv.Ascii && theme.TakesLinks(env.Getenv),
	})
}

// colours is how many colours stdout can show: none if it is not a terminal, or if NO_COLOR
// is set, unless the value of --color says otherwise.
func (env Env) colours(color string) termenv.Profile {
	f := FileOf(env.Stdout)
	if f == nil && env.Columns == nil || color == neverColour {
		return termenv.Ascii
	}
	getenv := env.Getenv
	if color == alwaysColour {
		getenv = func(name string) string {
			switch name {
			case "NO_COLOR", "CLICOLOR":
				return ""
			case "CLICOLOR_FORCE":
				return "1"
			default:
				return env.Getenv(name)
			}
		}
	}
	if f == nil {
		return termenv.NewOutput(io.Discard, termenv.WithTTY(true), termenv.WithEnvironment(variables(getenv))).EnvColorProfile()
	}
	return termenv.NewOutput(f, termenv.WithEnvironment(variables(getenv))).EnvColorProfile()
}

// variables gives termenv the variables of an Env.
type variables func(string) string

func (v variables) Getenv(key string) string { return v(key) }
func (v variables) Environ() []string        { return nil }

// themeName returns the name of a theme, or else the one for the terminal's background
// as COLORFGBG says it ("15;0": the last number is the background's colour). If that
// does not say it, the background is dark.
func themeName(name, colorFGBG string) string {
	if slices.Contains(theme.Bases(), name) {
		return name
	}
	background, err := strconv.Atoi(colorFGBG[strings.LastIndexByte(colorFGBG, ';')+1:])
	// Of the sixteen colours, 7 and those after 8 are light.
	if err != nil || background < 7 || background == 8 {
		return theme.Dark
	}
	return theme.Light
}
