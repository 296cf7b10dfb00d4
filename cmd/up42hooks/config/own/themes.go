package own

import (
	"regexp"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/tui/theme"
)

var themeName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// ReadThemes reads themes: {mine: {base: dark, accent: "#8ccbff"}}. Other words that choose a theme
// can't be names of one.
func (s *Screen) ReadThemes(n node.Node, others ...string) error {
	s.Themes = map[string]theme.Own{}
	taken := append(others, theme.Names()...)
	return n.Entries(func(name, value node.Node) (err error) {
		switch {
		case slices.Contains(taken, name.Value):
			return name.Wrong("themes: there is a theme %s already: take another name", name.Value)
		case !themeName.MatchString(name.Value):
			return name.Wrong("themes: want a name of at most 32 letters a-z, digits and dashes, like my-theme")
		}
		s.Themes[name.Value], err = readTheme(value)
		return err
	})
}

func readTheme(n node.Node) (theme.Own, error) {
	out := theme.Own{Colours: map[string]string{}}
	err := n.Fields(append([]string{"base"}, theme.Roles()...), func(name string, value node.Node) error {
		text, err := value.Text()
		if name == "base" {
			if err == nil && !slices.Contains(theme.Bases(), text) {
				err = value.Wrong("themes: unknown base %q%s", text, node.Suggestion(text, theme.Bases()))
			}
			out.Base = text
			return err
		}
		colour, ok := theme.ParseColour(text)
		if err != nil || !ok {
			return value.Wrong(`themes: %s: want a colour of six digits in quotes, like "#8ccbff"`, name)
		}
		out.Colours[name] = colour
		return nil
	})
	if err == nil && out.Base == "" {
		return out, n.Wrong("themes: want base: with one of %s", strings.Join(theme.Bases(), ", "))
	}
	return out, err
}
