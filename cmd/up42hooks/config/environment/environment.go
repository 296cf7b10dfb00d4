// Package environment knows the environment variables of settings, and which other
// variables were probably meant as one.
package environment

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// prefix is how the name of each variable begins.
const prefix = "UP42_"

// Name returns the name of a setting's variable.
func Name(setting string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

// Of returns the variables that settings are read from. In the environment of a program
// that `--exec` runs, it leaves out those of the event: UP42_FINAL there is not a setting.
func Of(getenv func(string) string) func(string) string {
	if getenv(forward.Variables()[0]) == "" {
		return getenv
	}
	return func(name string) string {
		if slices.Contains(forward.Variables(), name) {
			return ""
		}
		return getenv(name)
	}
}

// Stray is a variable that is set, and is not a setting.
type Stray struct {
	Name string
	// Meant is the variable that the user probably meant. If it is empty, the
	// variable may belong to another program.
	Meant string
	// OfService says that it looks like one that Kubernetes sets for a service of this name.
	OfService bool
}

// ofService matches the variables that Kubernetes sets for a service.
var ofService = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)=|_PORT=(tcp|udp|sctp)://`)

// Error says what the user probably meant.
func (s Stray) Error() string {
	if s.Meant == "" {
		return s.Name + " is not a setting, and is ignored: it may be another program's"
	}
	return fmt.Sprintf("%s is not a setting; did you mean %s?", s.Name, s.Meant)
}

// Strays returns the variables of an environment (NAME=VALUE) whose names begin like
// those of settings, and which are not known. They are sorted. An empty
// variable counts as not set.
func Strays(environ, known []string) (out []Stray) {
	inProgram := slices.ContainsFunc(environ, func(v string) bool { return strings.HasPrefix(v, forward.Variables()[0]+"=") })
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if runtime.GOOS == "windows" {
			name = strings.ToUpper(name) // its variables are read by any case of their names
		}
		word, ours := withoutPrefix(name)
		if !ours || value == "" || slices.Contains(known, name) || inProgram && slices.Contains(forward.Variables(), name) {
			continue
		}
		out = append(out, Stray{Name: name, Meant: meant(word, known), OfService: ofService.MatchString(variable)})
	}
	slices.SortFunc(out, func(a, b Stray) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// withoutPrefix returns the name without what it begins with. It also knows beginnings
// that people write by mistake.
func withoutPrefix(name string) (word string, ours bool) {
	for _, p := range []string{"UP42HOOKS_", "UP42_HOOKS_", "UP42__", prefix, "UP_42_", "UP42"} {
		if len(name) > len(p) && strings.EqualFold(name[:len(p)], p) && name[len(p)] != '_' {
			return name[len(p):], true
		}
	}
	return "", false
}

// meant returns the known variable that a word after the prefix is near to, or "". The
// prefix does not count, because every name has it.
func meant(word string, known []string) string {
	words := make([]string, len(known))
	for i, name := range known {
		words[i] = strings.TrimPrefix(name, prefix)
	}
	near := nearest.Slip(word, words)
	if near == "" {
		near = withoutKind(strings.ToUpper(word), words)
	}
	if near == "" {
		return ""
	}
	return prefix + near
}

// withoutKind returns the known word that a word is, but for the kind of its value behind it.
// Kubernetes sets names that end in _HOST and _PORT.
func withoutKind(word string, known []string) string {
	for _, kind := range []string{"_FILE", "_PATH", "_DIR", "_ADDR", "_ADDRESS"} {
		if base, ok := strings.CutSuffix(word, kind); ok && slices.Contains(known, base) {
			return base
		}
	}
	return ""
}
