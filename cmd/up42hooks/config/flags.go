package config

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/environment"
)

// AddFlags defines the flags of these settings. Without names it defines all flags.
// It panics if a setting with this name does not exist or has no flag.
func AddFlags(flags *pflag.FlagSet, names ...string) {
	if len(names) == 0 {
		names = withFlag()
	}
	for _, name := range names {
		s, ok := lookup(name)
		if !ok || s.noFlag {
			panic("config: no setting with a flag is named " + name)
		}
		f := flags.VarPF(&flagValue{setting: s}, s.name, "", plain(s.usage)+" ["+environment.Name(s.name)+"]")
		cli.SetSubject(f, s.subject)
		f.DefValue = cmp.Or(s.fallbackHelp, s.fallback)
		if s.boolean {
			f.NoOptDefVal = "true"
		}
	}
}

var link = regexp.MustCompile(`\[([^]]*)\]\([^)]*\)`)

// plain is a text for a terminal, where the links of the README lead nowhere.
func plain(usage string) string { return link.ReplaceAllString(usage, "“$1” in the README") }

// PassOn returns the flags of settings that were given to one command as arguments for another
// one, as far as that has them, too.
func PassOn(given, to *pflag.FlagSet) (args []string) {
	given.Visit(func(f *pflag.Flag) {
		v, ok := f.Value.(*flagValue)
		if !ok || to.Lookup(f.Name) == nil {
			return
		}
		for _, text := range v.values {
			args = append(args, "--"+f.Name+"="+text)
		}
	})
	return args
}

// withFlag returns the names of the settings that have a flag.
func withFlag() []string {
	return slices.DeleteFunc(Names(), func(name string) bool {
		s, _ := lookup(name)
		return s.noFlag
	})
}

// flagValue keeps the text of a flag. Load checks it, so that its errors are like
// those of other origins.
type flagValue struct {
	setting
	values []string
}

func (v *flagValue) Set(text string) error {
	if !v.list {
		v.values = nil
	}
	v.values = append(v.values, v.split(text)...)
	return nil
}

// String returns the text, but not that of a secret.
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
	return v.placeholder()
}

// Completion proposes values to the shell. Nil: the placeholder decides. It
// implements an interface of package cli.
func (v *flagValue) Completion() cobra.CompletionFunc {
	if v.choices != nil {
		return cli.CompleteOne(v.choices)
	}
	return v.complete
}
