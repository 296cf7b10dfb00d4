package config

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"
)

// Value is a setting as `config` shows it.
type Value struct {
	Name string `json:"name"`
	// Text describes the value. It does not contain a secret.
	Text string `json:"value"`
	// Origin is where the value came from: a flag, a variable, a line of the file or
	// "default".
	Origin string `json:"origin"`
}

// Load reads and checks all settings. It uses the flags that [AddFlags] defined and
// that were given. The values are in the order of the documentation.
//
// Each error names the setting, the origin of its value and what is allowed.
func Load(flags *pflag.FlagSet, getenv func(string) string) (*Config, []Value, error) {
	file, err := readFile(getenv)
	if err != nil {
		return nil, nil, err
	}
	c := &Config{}
	values := make([]Value, 0, len(settings))
	for _, s := range settings {
		v, err := find(s, flags, getenv, file)
		if err != nil {
			return nil, nil, err
		}
		if err := s.apply(c, v); err != nil {
			return nil, nil, err
		}
		values = append(values, Value{Name: s.name, Text: s.shown(v), Origin: v.origin})
	}
	return c, values, nil
}

// IsDefault reports whether a setting has its default value because no origin sets
// it.
func IsDefault(values []Value, name string) bool {
	i := slices.IndexFunc(values, func(v Value) bool { return v.Name == name })
	return i >= 0 && values[i].Origin == byDefault
}

// find returns a setting's value from the first origin that has it.
func find(s setting, flags *pflag.FlagSet, getenv func(string) string, file map[string]rawValue) (rawValue, error) {
	if f := flags.Lookup(s.name); f != nil && f.Changed {
		if v, ok := f.Value.(*flagValue); ok {
			return rawValue{values: v.values, origin: "--" + s.name}, nil
		}
	}
	if s.env != "" {
		if v := getenv(s.env); v != "" {
			return rawValue{values: s.split(v), origin: s.env}, nil
		}
	}
	if v, ok := file[s.name]; ok {
		return v, nil
	}
	text, err := s.defaultValue(getenv)
	if err != nil && flags.Lookup(s.name) == nil {
		text, err = "", nil // this command does not use the setting
	}
	if err != nil {
		return rawValue{}, fmt.Errorf("%s: no default: %w; give --%s", s.name, err, s.name)
	}
	if text == "" {
		return rawValue{origin: byDefault}, nil
	}
	return rawValue{values: []string{text}, origin: byDefault}, nil
}
