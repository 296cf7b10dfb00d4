package clitest

import (
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Simulate starts `simulate` on a free port and returns it with the settings that it
// prints. The end of the test kills it.
func Simulate(t *testing.T, args ...string) (p *Process, settings map[string]string) {
	t.Helper()
	p, err := Start(Home(t), nil, append([]string{"simulate", "--addr", "127.0.0.1:0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Signal(syscall.SIGKILL)
		<-p.Done
	})
	_, ok := p.Stdout.Await(`^export UP42_PASSWORD=\S+\n`)
	require.True(t, ok, "simulate said: %s", p.Stderr)
	settings = map[string]string{}
	for line := range strings.Lines(p.Stdout.String()) {
		m := regexp.MustCompile(`^export (\w+)=(\S+)\n$`).FindStringSubmatch(line)
		require.NotNil(t, m, "a shell can read %q", line)
		settings[m[1]] = m[2]
	}
	return p, settings
}
