// Package testmain runs the tests of a package.
package testmain

import (
	"os"
	"syscall"

	"go.uber.org/goleak"
)

// Run runs the tests, fails if a goroutine still runs after them, and ends the
// process. It does not return.
//
// A program with the race detector sleeps for a second at its end: goroutines that
// still run may show a race. After the tests none runs, so Run ends without that
// second. Programs that the tests start do not sleep either, but still end with the
// exit code of a race.
func Run(m goleak.TestingM) {
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0")
	goleak.VerifyTestMain(m, append(LeftByNATS(), goleak.Cleanup(syscall.Exit))...)
}

// LeftByNATS are the goroutines that a NATS server leaves behind if it is stopped while somebody
// makes a stream.
func LeftByNATS() []goleak.Option {
	const server = "github.com/nats-io/nats-server/v2/server"
	return []goleak.Option{
		goleak.IgnoreAnyFunction(server + ".(*fileStore).flushStreamStateLoop"), goleak.IgnoreAnyFunction(server + "/ats.Register.func1"),
	}
}
