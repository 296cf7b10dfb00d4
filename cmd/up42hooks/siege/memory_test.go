//go:build linux && !race

package siege

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// With little address space, 500 bodies of 1 MB at once crashed the receiver. The program is
// built as make builds it: the C library reserves 64 MB for each thread.
func TestLargeBodiesInLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", filepath.Join(dir, "program"), "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	const script = "#!/bin/sh\nulimit -v 1500000 || exit 9\nexec '%s' \"$@\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "up42hooks"), fmt.Appendf(nil, script, filepath.Join(dir, "program")), 0o700))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil)

	ctx, stop := context.WithCancel(t.Context())
	var attacking sync.WaitGroup
	defer attacking.Wait()
	defer stop()
	large := message(t, clitest.Secret, 1<<20)
	a := attack{conns: 500, one: sendAnd(large[:len(large)-10], hold)}
	attacking.Go(func() { a.run(ctx, address(t, p)) })
	s := &sender{}
	for i := range 50 {
		s.deliver(p.URL, i)
	}
	assert.Zero(t, s.failed, "%v; it said: %.2000s", s.last, p.Stderr)
}
