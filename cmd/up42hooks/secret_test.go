package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// A power cut must not remove a secret that UP42 has already. The generated secret, its
// name and the names of its folders are synced before the receiver uses it.
func TestTheGeneratedSecretIsOnDiskBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	if err := exec.CommandContext(t.Context(), "strace", "-o", os.DevNull, "true").Run(); err != nil {
		t.Skipf("strace does not work here: %v", err)
	}
	for name, secret := range map[string]string{"a file": ".local/state/up42hooks/secret", "a link to a new folder": "elsewhere/secret"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secretIsOnDisk(t, secret)
		})
	}
}

// secretIsOnDisk checks the secret that is made at a place in the user's home.
func secretIsOnDisk(t *testing.T, secret string) {
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	env := clitest.Home(t)
	home := strings.TrimPrefix(env[0], "HOME=")
	state, file := filepath.Join(home, ".local/state/up42hooks"), filepath.Join(home, secret)
	folder := filepath.Dir(file)
	if folder != state {
		require.NoError(t, os.MkdirAll(state, 0o700))
		require.NoError(t, os.Symlink(file, filepath.Join(state, "secret")))
	}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.CommandContext(t.Context(), "strace", "-f", "-y", "-s", "400", "-e", "signal=none", "-e", "trace=openat,linkat,fsync",
		"-o", trace, program, "listen", "--listen", "127.0.0.1:0", "--admin", "no-such-host.invalid:1")
	cmd.Env = env
	assert.Error(t, cmd.Run(), "it fails after it has opened everything but the admin address")
	text, err := os.ReadFile(trace)
	require.NoError(t, err)
	order := []string{
		`fsync\(\d+<` + folder + `/\.secret-`, `linkat\(.*"` + folder + `/secret"`, `fsync\(\d+<` + folder + `>`,
	}
	// The store's lock is what the receiver takes next.
	untilUsed, _, used := strings.Cut(string(text), `/events.db.lock"`)
	require.True(t, used, "%s", text)
	at := 0
	for _, pattern := range order {
		found := regexp.MustCompile(pattern).FindStringIndex(untilUsed[at:])
		require.NotNil(t, found, "%s is missing, or comes too early in\n%s", pattern, text)
		at += found[1]
	}
	before, _, _ := strings.Cut(string(text), "linkat(")
	above := []string{home, home + "/.local", home + "/.local/state"}
	if folder != state {
		above = above[:1] // the others were there
	}
	for _, dir := range above {
		assert.Regexp(t, `fsync\(\d+<`+dir+`>`, before, "it has a new folder")
	}
}
