//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

const ownScreen = `
keys: {sort: O, forge: X, events: E}
columns: {orders: [age, order, status]}
listen: nowhere
`

// A demo has the keys and columns of the user's own, a script only how the screen looks. What is not
// about the screen does not matter to it, but a mistake in what is does.
func TestADemoHasTheUsersOwnScreen(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	dir := t.TempDir()
	environment := []string{"HOME=" + dir, "TMPDIR=" + dir, "XDG_STATE_HOME=" + dir, "XDG_CONFIG_HOME=" + dir}
	file := filepath.Join(dir, "up42hooks", "config.yaml")
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(t, os.WriteFile(file, []byte(ownScreen), 0o600))
	term := newTerminal(t, 120, 30, environment...)
	term.runs(program + " demo --seed 3")
	term.sees(`X forges a delivery`)
	term.press("2")
	term.sees(`AGE +ORDER +STATUS`)
	term.press("O")
	term.sees(`sorted by`)
	term.press("E")
	term.sees(`VERDICT`)
	term.press("X")
	term.sees(`Forge a delivery`)
	term.press("Escape")
	term.loses(`Forge a delivery`)
	term.quits()

	term.runs(program + " demo --script first-delivery")
	term.sees(`x forge`)
	term.quits()

	require.NoError(t, os.WriteFile(file, []byte("keys:\n  sort: y\n"), 0o600))
	m := clitest.OnTerminal(t, append(environment, "PATH="+os.Getenv("PATH")), 80, 24, "demo")
	<-m.Done
	assert.Equal(t, 2, m.Code())
	assert.Contains(t, m.String(), "config.yaml:2: keys: sort: y is also the key of copy (copy id)")
}

// A command with screen has the terminal as an editor does, also after the presenter's mode.
func TestACommandOnTheTerminal(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	dir := t.TempDir()
	environment := []string{"HOME=" + dir, "TMPDIR=" + dir, "XDG_STATE_HOME=" + dir, "XDG_CONFIG_HOME=" + dir}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "up42hooks"), 0o700))
	const settings = "commands: {J: {name: look, screen: true, run: [sh, -c, 'trap \"echo; exit 3\" INT; head -c 14 \"$UP42_JSON\"; echo; echo typed $(head -n 1); read -r more']}}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "up42hooks", "config.yaml"), []byte(settings), 0o600))
	term := newTerminal(t, 120, 30, environment...)
	term.runs(program + " demo --seed 3")
	term.press("2")
	term.sees(` 1/\d+ `)
	shown, name := `{"kind":"order`, "look"
	for _, word := range []string{"hello", "again"} {
		if word == "again" {
			shown = `typed hello(?s:.*){"kind":"order` // the screen behind the demo keeps what the first one wrote
			name = "your program on J"                 // the presenter's mode does not name it
			term.press("P")
			term.sees(`▀▀▀.*\n(?s:.*) 1/\d+ `) // large counters, and rows again
		}
		term.press("J")
		term.sees(shown)
		term.types(word + "\r")
		term.sees("typed " + word)
		term.press("C-c") // for the program, not for the demo
		term.sees(name + ` failed with exit status 3`)
	}
	term.quits()
	left, err := filepath.Glob(filepath.Join(dir, "up42hooks-*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}
