package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/up42/up42-webhooks/cmd/up42hooks/quietstart"
)

// testMain runs the tests of a package. It puts the test binary into PATH as
// up42hooks: run under that name it is program, so that tests can start it.
func testMain(m *testing.M, program func()) {
	testscript.Main(leakChecked{m}, map[string]func(){"up42hooks": program})
}

// programOf is a program with some commands only.
func programOf(commands ...func(world) *cobra.Command) func() {
	return func() {
		quietstart.Restore()
		w := system("")
		os.Exit(run(context.Background(), w, treeOf(w, commands...), os.Args[1:]))
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
