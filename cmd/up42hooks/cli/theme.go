package cli

import (
	"os"
	"strconv"
	"strings"

	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/tui/theme"
)

// The names of themes; any other leaves the choice to the environment.
const (
	themeDark  = "dark"
	themeLight = "light"
)

// NewTheme chooses the look by what the environment says of the terminal, which
// itself is asked nothing: some never answer.
func NewTheme(w Env, name string, highContrast bool) *theme.Theme {
	profile := w.colours()
	return theme.New(theme.Options{
		Profile:      profile,
		Mono:         profile == termenv.Ascii && w.HasScreen() && w.Getenv("TERM") != "",
		Dark:         dark(name, w.Getenv("COLORFGBG")),
		HighContrast: highContrast,
		ASCII:        !w.UTF8(),
	})
}

// colours is how many colours stdout can show, none where it is no terminal or
// where NO_COLOR is set.
func (w Env) colours() termenv.Profile {
	f, ok := w.Stdout.(*os.File)
	if !ok {
		return termenv.Ascii
	}
	return termenv.NewOutput(f, termenv.WithEnvironment(environment(w.Getenv))).EnvColorProfile()
}

// environment lets termenv read the injected environment.
type environment func(string) string

func (e environment) Getenv(key string) string { return e(key) }
func (e environment) Environ() []string        { return nil }

// dark says whether the ground is dark: as configured, else as COLORFGBG has it
// ("15;0": the last number is the ground's), else it is.
func dark(theme, colorFGBG string) bool {
	switch theme {
	case themeDark:
		return true
	case themeLight:
		return false
	}
	ground, err := strconv.Atoi(colorFGBG[strings.LastIndexByte(colorFGBG, ';')+1:])
	// Of the sixteen colours, 7 and those after 8 are light.
	return err != nil || ground < 7 || ground == 8
}

// UTF8 says whether the locale uses UTF-8. It reads the variables in the same
// order as the C library.
func (env Env) UTF8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(env.Getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}
