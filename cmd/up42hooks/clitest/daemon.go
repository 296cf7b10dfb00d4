package clitest

import (
	"bytes"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// Configured is an environment with an empty home, these settings (NAME, VALUE, …)
// and a free port, and the configuration that follows from it. Output goes to out.
func Configured(t *testing.T, out *bytes.Buffer, settings ...string) (cli.Env, *config.Config) {
	t.Helper()
	values := map[string]string{"HOME": t.TempDir(), "UP42_LISTEN": "127.0.0.1:0", "UP42_WEBHOOK_SECRET": Secret}
	for i := 0; i < len(settings); i += 2 {
		values[settings[i]] = settings[i+1]
	}
	env := cli.Env{
		Stdout: out, Stderr: out, Now: time.Now,
		Getenv: func(name string) string { return values[name] },
	}
	c, _, err := config.Load(new(pflag.FlagSet), env)
	require.NoError(t, err)
	return env, c
}
