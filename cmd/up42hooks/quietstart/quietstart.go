// Package quietstart keeps the program from asking the terminal anything at its
// start.
//
// The package bubbletea has an init function that asks the terminal for its
// background colour. It waits up to five seconds for the answer. Some terminals
// never answer, and a command such as `version` does not need it. bubbletea does
// not ask a terminal whose TERM is "dumb". So the init function of this package
// sets TERM to "dumb", and main calls [Restore] before anything else.
//
// This package must be initialised before bubbletea. Go initialises packages in
// the order of their import paths, but each of them only after the packages that
// it imports. This package imports only os. bubbletea also imports os/signal,
// whose path comes after the path of this package. So this package comes first,
// whoever imports it. It must not import anything else. The test of this package
// fails if the order changes.
package quietstart

import "os"

const variable = "TERM"

// The value of TERM at the start of the program.
var term, found = os.LookupEnv(variable)

func init() { _ = os.Setenv(variable, "dumb") }

// Restore gives TERM its value back.
func Restore() {
	if found {
		_ = os.Setenv(variable, term)
	} else {
		_ = os.Unsetenv(variable)
	}
}
