package process_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/process"
)

func TestAnotherProgramGetsNoSecret(t *testing.T) {
	for _, name := range []string{"UP42_PASSWORD", "UP42_ANYTHING", "PGPASSWORD", "PGPASSFILE", "up42_secret", "EDITOR"} {
		t.Setenv(name, "x")
	}
	env := process.Environment()
	assert.Contains(t, env, "EDITOR=x")
	for _, v := range env {
		assert.NotRegexp(t, "(?i)^(UP42_|PGPASS)", v)
	}
}
