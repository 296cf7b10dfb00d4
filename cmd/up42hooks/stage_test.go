package main

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
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
