package config

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// AddFlags defines the flags of the named settings, or of all that have one.
func AddFlags(flags *pflag.FlagSet, names ...string) {
	if len(names) == 0 {
		names = flagged()
	}
	for _, name := range names {
		s, ok := lookup(name)
		if !ok || s.noFlag {
			panic("config: no setting with a flag is named " + name)
		}
		v := &flagValue{setting: s}
		f := flags.VarPF(v, s.name, "", s.help())
		f.DefValue = s.shown
		if s.boolean {
			f.NoOptDefVal = "true"
		}
	}
}

// flagged are the names of the settings that have a flag.
func flagged() []string {
	return slices.DeleteFunc(Names(), func(name string) bool {
		s, _ := lookup(name)
		return s.noFlag
	})
}

// flagValue keeps what was given; it is looked at in Load, where an error can
// be told like that of any other origin.
type flagValue struct {
	setting
	values []string
}

func (v *flagValue) Set(text string) error {
	if !v.many {
		v.values = nil
	}
	v.values = append(v.values, v.split(text)...)
	return nil
}

// String is asked for by pflag alone, to find a default; a secret must not
// show through it.
func (v *flagValue) String() string {
	if v.secret {
		return ""
	}
	return strings.Join(v.values, ",")
}

func (v *flagValue) Type() string {
	if v.boolean {
		return "bool"
	}
	return v.arg
}
