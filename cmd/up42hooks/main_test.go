package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// The tests run the program as its users do: TestMain puts this test binary into
// PATH under the program's name, where it is the program.
func TestMain(m *testing.M) {
	testscript.Main(leakChecked{m}, map[string]func(){"up42hooks": main})
}

// leakChecked fails where a goroutine is left over after the tests.
type leakChecked struct{ *testing.M }

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
