// Package clitest is what the tests of several commands share: a sandbox for
// commands, up42hooks as a process or on a terminal, and deliveries.
package clitest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/quietstart"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

// Main runs the tests of a package. Tests can start up42hooks as a process: PATH
// contains the test binary under that name, and it then runs program.
//
// The race detector sleeps for a second at the end of a program. Main starts the test
// binary again without that, as its runtime reads the variable only at the start.
func Main(m *testing.M, program func()) {
	if name, _, _ := strings.Cut(QuickEnd, "="); os.Getenv(name) == "" && filepath.Base(os.Args[0]) != "up42hooks" {
		if self, err := os.Executable(); err == nil {
			_ = syscall.Exec(self, os.Args, append(os.Environ(), QuickEnd)) // an error: it goes on, and sleeps
		}
	}
	called := os.Args[0]
	testscript.Main(leakChecked{m}, map[string]func(){"up42hooks": func() {
		os.Args[0] = called // testscript leaves the name only
		program()
	}})
}

// Program is an up42hooks that has only these commands.
func Program(commands ...func(cli.Env) *cobra.Command) func() {
	return func() {
		quietstart.Restore()
		env := cli.System("")
		os.Exit(cli.Run(context.Background(), env, Tree(env, commands...), os.Args[1:]))
	}
}

// leakChecked fails if a goroutine still runs after the tests.
type leakChecked struct{ *testing.M }

// Run runs the tests.
func (m leakChecked) Run() int {
	code := m.M.Run()
	if code != 0 {
		return code
	}
	if err := goleak.Find(testmain.LeftByNATS()...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
