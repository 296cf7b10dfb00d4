package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// interrupter interrupts a command when that writes a text.
type interrupter struct {
	strings.Builder
	text      string
	interrupt context.CancelFunc
}

func (i *interrupter) Write(p []byte) (int, error) {
	if strings.Contains(string(p), i.text) {
		i.interrupt()
	}
	return i.Builder.Write(p)
}

// A backup that is interrupted while it copies leaves what was there before, and nothing else.
func TestABackupThatIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	store := filepath.Join(dir, "events.db")
	require.NoError(t, os.WriteFile(store, filledStore(t), 0o600))
	backup := func(when string, args ...string) string {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		said := &interrupter{text: when, interrupt: cancel}
		env := cli.Env{Stdout: io.Discard, Stderr: said, Getenv: clitest.Getenv(nil), Now: time.Now}
		code := cli.Run(ctx, env, newRoot(env), append([]string{"store", "backup", "--store", store}, args...))
		assert.Equal(t, when == "never", code == 0, "%s", said)
		return said.String()
	}
	file := filepath.Join(dir, "backup.db")
	assert.Contains(t, backup("the copy needs", file), "interrupted: "+file+" is as it was\n")
	assert.NoFileExists(t, file)
	backup("never", file)
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Contains(t, backup("the copy needs", "--replace", file), "interrupted: "+file+" is as it was\n")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, before, after)
	left, err := filepath.Glob(filepath.Join(dir, "*part*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// A backup that can't be written whole says so of the backup, not of the store, and leaves nothing.
func TestABackupThatCanNotBeWritten(t *testing.T) {
	dir := t.TempDir()
	store, file := filepath.Join(dir, "events.db"), filepath.Join(dir, "backup", "b.db")
	require.NoError(t, os.WriteFile(store, filledStore(t), 0o600))
	require.NoError(t, os.Mkdir(filepath.Dir(file), 0o700))
	cmd := exec.Command("sh", "-c", `ulimit -f 80; exec up42hooks store backup --store "$0" "$1"`, store, file) // 40 KiB, or 80: enough for its -shm
	cmd.Env = append(clitest.Home(t), "PATH="+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), "store "+file+" can't be read or written")
	assert.NotContains(t, string(out), store)
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Empty(t, left)
}
