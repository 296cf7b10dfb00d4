package demo

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// Whoever reads what the demo prints may end after a line, also of what it logs.
func TestADemoWhoseReaderEndsDeletesItsFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	read, write, err := os.Pipe()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "up42hooks", "demo", "--speed", "50")
	cmd.Env, cmd.Stdout, cmd.Stderr = append(clitest.Home(t), "TMPDIR="+folder), write, write
	require.NoError(t, cmd.Start())
	require.NoError(t, write.Close())
	_, err = bufio.NewReader(read).ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, read.Close())
	assert.NoError(t, cmd.Wait())
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestADemoReadsTheConfigurationThatIsNamed(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(name, []byte("theme: nowhere\n"), 0o600))
	out, errs, code := clitest.Run(t, clitest.Home(t), "demo", "--config", name)
	assert.Equal(t, 2, code)
	assert.Empty(t, out)
	assert.Contains(t, errs, name)
	assert.Contains(t, errs, "nowhere")
}
