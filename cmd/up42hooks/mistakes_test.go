//go:build unix

package main

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

func TestAListOfSecretsOnALineIsTold(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "dG9vIG1hbnkgc2Vj,cmV0cyBvbiBhIGxp\n")
	p := clitest.Receive(t, bare(t, "HOME="+t.TempDir()), nil, "--secret-file", file)
	_, ok := p.Stderr.Await(`level=WARN msg="` + file + ` line 1 has commas as a list of secrets has, and all of it is used" advice="Write each secret on a line of its own`)
	assert.True(t, ok, "it said: %s", p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}
