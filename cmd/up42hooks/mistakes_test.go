//go:build unix

package main

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// What has no effect is said at the start.
func TestListenNamesWhatItIgnores(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "log.txt")
	env := append(clitest.WithSecret(clitest.Home(t)), "UP42_FORWARD_HEADER=x", "UP42_SERVICE_HOST=10.0.0.1", "UP42_PORT_80_TCP=tcp://10.0.0.1:80")
	p := clitest.Receive(t, env, nil, "--log", log)
	for _, want := range []string{
		`level=WARN msg="UP42_FORWARD_HEADER is not a setting, and is ignored: it may be another program's"`,
		`level=WARN msg="--log is for the dashboard: without one the log goes to stderr" advice="send stderr to a file: 2>>FILE"`,
	} {
		_, ok := p.Stderr.Await(want)
		assert.True(t, ok, "it said: %s", p.Stderr)
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.NotContains(t, p.Stderr.String(), "10.0.0.1")
	assert.NotContains(t, p.Stderr.String(), "UP42_SERVICE_HOST", "Kubernetes sets it")
	assert.NoFileExists(t, log)

	p = clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "UP42_LOG="+log), nil)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.NotContains(t, p.Stderr.String(), "--log", "the variable may be for the dashboard")
}

func TestAListOfSecretsOnALineIsTold(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "dG9vIG1hbnkgc2Vj,cmV0cyBvbiBhIGxp\n")
	p := clitest.Receive(t, bare(t, "HOME="+t.TempDir()), nil, "--secret-file", file)
	_, ok := p.Stderr.Await(`level=WARN msg="` + file + ` line 1 has commas as a list of secrets has, and all of it is used" advice="Write each secret on a line of its own`)
	assert.True(t, ok, "it said: %s", p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}
