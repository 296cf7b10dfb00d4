package process_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/process"
)

func TestAnotherProgramGetsNoSecret(t *testing.T) {
	for _, name := range []string{"UP42_PASSWORD", "UP42_ANYTHING", "PGPASSWORD", "PGPASSFILE", "EDITOR"} {
		t.Setenv(name, "x")
	}
	env := process.Environment()
	assert.Contains(t, env, "EDITOR=x")
	assert.False(t, slices.ContainsFunc(env, func(v string) bool { return v[0] == 'U' && v[:5] == "UP42_" || len(v) > 6 && v[:6] == "PGPASS" }), "%v", env)
}
