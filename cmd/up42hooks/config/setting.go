package config

import (
	"fmt"
	"strings"
)

// setting is one thing that the program can be told.
type setting struct {
	name, env string
	// usage says what it does, arg what its value is, shown what help names as
	// its default, absent what `config` shows where there is no value ("": none).
	usage, arg, shown, absent string
	// secret values are never shown; discreet ones not in errors, as a wrong
	// one may hold a password.
	secret, discreet bool
	// many: a list, of which comma separates the items where comma is set.
	many, comma bool
	boolean     bool
	// noFlag: it can't be given as a flag, where others could see it.
	noFlag bool
	// fallback is the default's text; nil: none.
	fallback func(getenv func(string) string) (string, error)
	// set checks the values and puts them into c. Its error says what is
	// allowed and never holds a value.
	set func(c *Config, values []string) error
	// structure does the same for a setting that is no plain value. It is for
	// the file only. Its error begins with a line's place.
	structure func(c *Config, n node) error
}

func (s setting) split(text string) []string {
	if !s.comma {
		return []string{text}
	}
	var out []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

func (s setting) apply(c *Config, g given) error {
	if g.values == nil && g.origin == byDefault {
		return nil
	}
	if g.node != nil {
		return s.structure(c, *g.node)
	}
	err := s.set(c, g.values)
	switch {
	case err == nil:
		return nil
	case s.secret || s.discreet:
		return fmt.Errorf("%s (from %s): %w", s.name, g.origin, err)
	default:
		return fmt.Errorf("%s: %q (from %s): %w", s.name, strings.Join(g.values, ","), g.origin, err)
	}
}

// text is the value in words, for `config`.
func (s setting) text(g given) string {
	switch {
	case g.node != nil:
		return fmt.Sprintf("%d set", g.node.len())
	case len(g.values) == 0 && s.absent != "":
		return s.absent
	case len(g.values) == 0:
		return "none"
	case s.secret && len(g.values) == 1:
		return "set, not shown"
	case s.secret:
		return fmt.Sprintf("%d set, not shown", len(g.values))
	default:
		return strings.Join(g.values, ",")
	}
}

func (s setting) help() string {
	if s.env == "" {
		return s.usage
	}
	return s.usage + " [" + s.env + "]"
}
