// Package clitest is what the tests of several commands share: an environment
// of a test's own, up42hooks as a process, a terminal, and deliveries.
package clitest

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/quietstart"
)

// Main runs the tests of a package. It puts the test binary into PATH as
// up42hooks: run under that name it is program, so that tests can start it.
func Main(m *testing.M, program func()) {
	testscript.Main(leakChecked{m}, map[string]func(){"up42hooks": program})
}

// Program is an up42hooks with some commands only.
func Program(commands ...func(cli.Env) *cobra.Command) func() {
	return func() {
		quietstart.Restore()
		w := cli.System("")
		os.Exit(cli.Run(context.Background(), w, Tree(w, commands...), os.Args[1:]))
	}
}

// leakChecked fails if a goroutine is left over after the tests.
type leakChecked struct{ *testing.M }

// Run runs the tests.
func (m leakChecked) Run() int {
	code := m.M.Run()
	if code != 0 {
		return code
	}
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
