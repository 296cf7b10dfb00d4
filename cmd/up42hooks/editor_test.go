package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// A test event arrives, and an editor gets the terminal with its request: ctrl+c there ends only
// the editor, and a delivery that comes meanwhile is taken.
func TestATestEventInAnEditor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	editor := filepath.Join(dir, "editor")
	require.NoError(t, os.WriteFile(editor, []byte("#!/bin/sh\necho \"EDITING $(head -n 1 \"$1\")\"\nread line\necho \"TYPED $line\"\nread more\n"), 0o700))
	env := append(clitest.Home(t), "EDITOR="+editor, "VISUAL=", "TMPDIR="+dir)
	m := clitest.OnTerminal(t, env, 100, 30, "--listen", "127.0.0.1:0")
	address, ok := m.Await(`(127\.0\.0\.1:\d+)\D`)
	require.True(t, ok)
	m.Key(t, "3")
	_, ok = m.Await("Press t to send yourself")
	require.True(t, ok, "on the screen: %q", m)
	m.Key(t, "t")
	_, ok = m.Await(`order\.status`)
	require.True(t, ok, "on the screen: %q", m)
	m.Key(t, "\r")
	_, ok = m.Await("POST /receive-webhooks")
	require.True(t, ok)
	m.Key(t, "oe")
	_, ok = m.Await("EDITING POST /receive-webhooks HTTP/1.1")
	require.True(t, ok, "on the screen: %q", m)
	m.Key(t, "hello\r")
	_, ok = m.Await("TYPED hello")
	require.True(t, ok, "on the screen: %q", m)

	secret, err := config.ReadGenerated(config.GeneratedSecretFile(cli.Env{Getenv: clitest.Getenv(env)}))
	require.NoError(t, err)
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), "http://"+address+"/receive-webhooks", secret, clitest.Delivery("m1", "order-one", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, 200, status)

	m.Key(t, "\x03")
	_, ok = m.Await(`(?s)TYPED.*\x1b\[\?1049h`) // the screen is there again
	require.True(t, ok, "on the screen: %q", m)
	m.Key(t, "q2") // q goes back; esc with a key after it would be one key with alt
	_, ok = m.Await("order-one")
	require.True(t, ok, "on the screen: %q", m)
	m.Key(t, "\x03")
	m.Ends(t)
	left, err := filepath.Glob(filepath.Join(dir, "up42hooks-*"))
	require.NoError(t, err)
	assert.Empty(t, left, "its file is removed")
}
