package demo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

func TestCheckSaysWhatAScriptIs(t *testing.T) {
	env := clitest.Home(t)
	file := filepath.Join(t.TempDir(), "mine.stage")
	require.NoError(t, os.WriteFile(file, []byte("title Mine\ncaption One."), 0o600))
	out, _, code := clitest.Run(t, env, "demo", "--check", file)
	assert.Zero(t, code)
	assert.Equal(t, "Mine: 1 step, about 4s\n", out)
	out, _, _ = clitest.Run(t, env, "demo", "--check", "replay")
	assert.Contains(t, out, ": 4 steps, about ")
}

// A script that would end the program is refused before it plays.
func TestCheckRefusesAScript(t *testing.T) {
	env, folder := clitest.Home(t), t.TempDir()
	file := filepath.Join(folder, "ends.stage")
	require.NoError(t, os.WriteFile(file, []byte("caption One.\npress 3 q"), 0o600))
	for _, flag := range []string{"--check", "--script"} {
		_, said, code := clitest.Run(t, env, "demo", flag, file)
		assert.Equal(t, 2, code)
		assert.Contains(t, said, "ends.stage:2: the key q would end the program")
	}
	_, said, code := clitest.Run(t, env, "demo", "--check", folder)
	assert.Equal(t, 2, code)
	assert.Contains(t, said, "read the script: "+folder+" is a folder: name a file in it")
}

func TestTheHelpHasOneDefaultOfTheSpeed(t *testing.T) {
	help, _, _ := clitest.Run(t, clitest.Home(t), "demo", "--help")
	help = strings.Join(strings.Fields(help), " ")
	assert.Contains(t, help, "how fast it plays (default 10, with --script 1)")
}
