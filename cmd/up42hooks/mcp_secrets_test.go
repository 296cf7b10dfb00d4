package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// Secrets that are made while the server runs are masked in its answers: those of the configuration, the
// one that a receiver generates, and those of webhooks that a tool sees at UP42.
func TestAnAgentSeesNoSecretThatIsMadeLater(t *testing.T) {
	t.Parallel()
	_, settings := clitest.Simulate(t)
	env := clitest.Home(t)
	for name, value := range settings {
		env = append(env, name+"="+value)
	}
	folder := t.TempDir()
	file, store := filepath.Join(folder, "config.yaml"), filepath.Join(folder, "events.db")
	require.NoError(t, os.WriteFile(file, []byte("secret: MARKED-in-the-file\n"), 0o600))
	a := startAgent(t, env, "--config="+file, "--store="+store, "--allow-write", "--public-url=https://hooks.example.com")

	require.NoError(t, os.WriteFile(file, []byte("secret: MARKED-now-in-the-file\n"), 0o600))
	create := func(name, secret string) {
		_, said, code := clitest.Run(t, env, "webhooks", "create", "--name="+name, "--url=https://hooks.example.com/x", "--secret="+secret)
		require.Zero(t, code, said)
	}
	create("one", "MARKED-of-a-webhook")
	assert.Len(t, items(t, a.call(t, "list_webhooks", nil), "webhooks"), 1)

	r := clitest.Receive(t, env, nil, "--config="+file, "--store="+store)
	named := func(id, name string) {
		deliver(t, r, "MARKED-now-in-the-file", fmt.Appendf(nil, `{"event":"job.status","liveMode":true,"messageId":%q,"timestamp":"2026-01-09T03:34:52Z",`+
			`"body":{"jobId":%[1]q,"jobName":%q,"status":"RUNNING"}}`, id, name), 200)
	}
	nameOf := func(id string) any { return a.call(t, "get_job", args{"id": id})["row"].(map[string]any)["name"] }
	for i, secret := range []string{"MARKED-in-the-file", "MARKED-now-in-the-file", "MARKED-of-a-webhook"} {
		named(fmt.Sprint("j", i), secret)
		assert.Equal(t, "••••••", nameOf(fmt.Sprint("j", i)), secret)
	}
	create("two", "MARKED-of-another")
	named("last", "MARKED-of-another")
	assert.NotContains(t, fmt.Sprint(a.call(t, "get_webhook", args{"webhook": "two"})), "MARKED")
	assert.Equal(t, "••••••", nameOf("last"), "the tool before has read it")
	require.NoError(t, a.Close())
	assert.NotContains(t, a.all.String(), "MARKED")
}
