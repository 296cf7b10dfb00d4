package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
)

// setting is one row of the table of settings.
type setting struct {
	// name is the name of the flag and the key in the file; the variable follows from it.
	name string
	// subject is what it is about: help and documents group settings by it.
	subject cli.Subject
	// older is a second variable that means the same. It may be empty.
	older string
	// usage says what the setting does. arg stands for its value in the help.
	usage, arg string
	// choices are all allowed values. If it is empty, set decides what is allowed.
	choices []string
	// complete proposes values to the shell. If it is nil, the shell proposes the
	// choices, or files if arg says so.
	complete cobra.CompletionFunc
	// fallback is the text of the default. fallbackOf replaces it for a default that
	// depends on the environment, and fallbackHelp describes that in the help.
	fallback     string
	fallbackOf   func(getenv func(string) string) (string, error)
	fallbackHelp string
	// unset is what `config` shows if there is no value. Empty: "none".
	unset string
	// shownAs returns what may be shown of a value. Nil: all of it. hides reports whether
	// that leaves out a secret.
	shownAs func(value string) string
	hides   func(value string) bool
	// secret values are never shown. private ones are not repeated in errors, because
	// a mistyped one may contain a password.
	secret, private bool
	// list allows several values. separate finds them in one text; nil does not separate.
	list     bool
	separate func(text string) []string
	boolean  bool
	// noFlag excludes flags, because other users of the machine can see them. noKey
	// excludes the configuration file.
	noFlag, noKey bool
	// set checks the values and writes them to c. Its errors say what is allowed and
	// never contain a value.
	set func(c *Config, values []string) error
	// structure replaces set for a setting that is more than a list of values. In a
	// variable it is written as in the file. Its errors begin with a line.
	structure func(c *Config, n node.Node) error
	// secretIn reports whether a structure has secrets. It may be nil.
	secretIn func(c *Config) bool
}

// byDefault is the origin of a default.
const byDefault = "default"

// rawValue is a setting's value before it is checked.
type rawValue struct {
	values []string
	node   *node.Node // of a structure, instead of values
	origin string
	folder string // of the configuration file, if it has the value
	file   string // that has the value, if a variable names one
	ended  bool   // the text of a variable ended with a line end, which was left out
	// missing says why there is no default, if there should be one.
	missing error
}

// same reports whether two values are the same, wherever they come from.
func (v rawValue) same(other rawValue) bool {
	if v.node != nil && other.node != nil {
		return v.node.Same(*other.node)
	}
	return v.node == other.node && slices.Equal(v.values, other.values)
}

// single makes the set function of a setting with one value. The last one given
// counts.
func single[T any](field func(*Config) *T, parse func(string) (T, error)) func(*Config, []string) error {
	return func(c *Config, values []string) error {
		v, err := parse(values[len(values)-1])
		if err == nil {
			*field(c) = v
		}
		return err
	}
}

// several makes the set function of a setting with a list of values.
func several[T any](field func(*Config) *[]T, parse func([]string) ([]T, error)) func(*Config, []string) error {
	return func(c *Config, values []string) error {
		v, err := parse(values)
		if err == nil {
			*field(c) = v
		}
		return err
	}
}

// boolean makes a setting that is true or false. It is false by default.
func boolean(subject cli.Subject, name, usage string, field func(*Config) *bool) setting {
	return setting{name: name, subject: subject, usage: usage, boolean: true, fallback: "false", set: single(field, parseBoolean)}
}

// split returns the values in a text.
func (s setting) split(text string) []string {
	if s.separate == nil {
		return []string{text}
	}
	return s.separate(text)
}

// apply checks a value and writes it to c.
func (s setting) apply(c *Config, v rawValue) error {
	if v.values == nil && v.origin == byDefault {
		return nil
	}
	if v.node != nil {
		return s.structure(c, *v.node)
	}
	if err := s.check(c, v.values); err != nil {
		return s.wrong(v, err)
	}
	return nil
}

// wrong returns the error of a value.
func (s setting) wrong(v rawValue, err error) error {
	if s.secret || s.private || slices.ContainsFunc(v.values, mayHoldPassword) {
		return fmt.Errorf("%s (from %s): %w", s.name, v.origin, err)
	}
	return fmt.Errorf("%s: %q (from %s): %w", s.name, strings.Join(v.values, ","), v.origin, err)
}

// mayHoldPassword reports whether a value looks like a URL, or like a part of one with a user: any
// setting may be given one by mistake.
func mayHoldPassword(value string) bool {
	return strings.Contains(value, "://") || strings.Contains(value, "@")
}

func (s setting) check(c *Config, values []string) error {
	for _, v := range values {
		if s.separate != nil && !s.secret && v != "" && strings.Trim(v, ", ") == "" {
			return errors.New("there are only commas: give at least one value, or leave the setting out")
		}
		if s.choices != nil && !slices.Contains(s.choices, v) {
			return cli.Unknown(v, s.choices)
		}
	}
	return s.set(c, values)
}

// defaultValue returns the text of the default. It is empty if there is no default.
func (s setting) defaultValue(getenv func(string) string) (string, error) {
	if s.fallbackOf == nil {
		return s.fallback, nil
	}
	return s.fallbackOf(getenv)
}

// shown returns a value as `config` shows it.
func (s setting) shown(v rawValue) string {
	switch {
	case v.node != nil:
		return fmt.Sprintf("%d set", v.node.Len())
	case v.missing != nil:
		return "none: " + v.missing.Error()
	case len(v.values) == 0:
		return cmp.Or(s.unset, "none")
	case s.secret && len(v.values) == 1:
		return "set, not shown"
	case s.secret:
		return fmt.Sprintf("%d set, not shown", len(v.values))
	case s.shownAs != nil:
		shown := make([]string, len(v.values))
		for i, value := range v.values {
			shown[i] = s.shownAs(value)
		}
		return strings.Join(shown, ",")
	default:
		return strings.Join(v.values, ",")
	}
}

// holdsSecret reports whether a value has something that nobody else may read.
func (s setting) holdsSecret(v rawValue) bool {
	switch {
	case v.node != nil:
		c := &Config{}
		return s.secretIn != nil && (s.structure(c, *v.node) != nil || s.secretIn(c))
	case s.hides != nil:
		return slices.ContainsFunc(v.values, s.hides)
	default:
		return s.secret && len(v.values) > 0
	}
}

// placeholder stands for the value in the help.
func (s setting) placeholder() string {
	return cmp.Or(s.arg, strings.Join(s.choices, "|"))
}
