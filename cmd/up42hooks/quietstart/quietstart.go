// Package quietstart keeps the program's start quick on a terminal that does
// not answer.
//
// When bubbletea is initialised it asks the terminal for its background colour
// and waits up to five seconds for an answer; some terminals never give one,
// and a command such as `version` has no use for it. Nothing is asked of a
// terminal of the type "dumb": so this package names that type until main calls
// [Restore].
//
// It works because Go initialises packages in the order of their import paths,
// each as soon as everything that it imports is initialised. This one imports
// os alone. bubbletea also imports os/signal, which comes after this package's
// path and can't be ready before os is: so this package comes first. Import
// nothing else here.
package quietstart

import "os"

const variable = "TERM"

// The terminal's type as it was found: written once, at init.
var term, found = os.LookupEnv(variable)

func init() { _ = os.Setenv(variable, "dumb") }

// Restore puts the terminal's type back. main calls it before anything else.
func Restore() {
	if found {
		_ = os.Setenv(variable, term)
	} else {
		_ = os.Unsetenv(variable)
	}
}
