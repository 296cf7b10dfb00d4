package receivertest

import (
	"flag"
	"strconv"
	"testing"
)

// Checks sets how many cases rapid tries in a test, unless the flag -rapid.checks says it. The flag is
// one for all tests of the package, so the test must not be parallel.
func Checks(t *testing.T, n int) {
	f := flag.Lookup("rapid.checks")
	before := f.Value.String()
	if before != f.DefValue {
		return
	}
	if err := f.Value.Set(strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Value.Set(before) })
}
