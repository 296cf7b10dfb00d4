//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/tui/stage/script"
)

// The talk, in which all scenes are, plays on a real terminal of the size of a projector, and the
// screen shows what it says.
func TestTheTalkOnARealTerminal(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	c := newCaller(t)
	term := newTerminal(t, 80, 24, c.environment()...)
	term.runs(program + " demo --script talk --once --speed 100")
	screen := term.sees(`(?m)^ended with \d`)
	require.Regexp(t, `(?m)^ended with 0$`, screen, "the program says what the screen did not show")
	c.untouched(t)
}

// Each script plays by itself, too, and the screen shows what it says.
func TestEachScriptOnATerminal(t *testing.T) {
	t.Parallel()
	for _, name := range script.Names() {
		if name == "talk" { // above
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := clitest.OnTerminal(t, clitest.Home(t), 80, 24, "demo", "--script", name, "--once", "--speed", "100")
			m.Ends(t)
			m.AskedNothing(t)
		})
	}
}

// Each script plays with stand-ins, too. The counters take room.
func TestEachScriptInThePresentersMode(t *testing.T) {
	t.Parallel()
	for _, name := range script.Names() {
		if name == "talk" { // it has all others
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), name+".stage")
			require.NoError(t, os.WriteFile(file, []byte("press P\nplay "+name+"\n"), 0o600))
			m := clitest.OnTerminal(t, clitest.Home(t), 120, 36, "demo", "--script", file, "--once", "--speed", "100")
			m.Sees(t, "duplicates")
			m.Ends(t)
		})
	}
}

// ctrl+r begins a script again: a new world with an empty store, at once.
func TestAScriptStartsOverOnATerminal(t *testing.T) {
	t.Parallel()
	m := clitest.OnTerminal(t, clitest.Home(t), 80, 24, "demo", "--script", "first-delivery", "--speed", "16")
	for range 3 {
		m.Sees(t, "5/5")
		m.Sees(t, "BEING_PLACED")
		m.Key(t, "\x12")
		began := time.Now()
		assert.Contains(t, m.Sees(t, "No event has come yet"), " 1/5 ")
		t.Logf("a new world after %v", time.Since(began))
	}
	m.Key(t, "\x03")
	m.Ends(t)
}
