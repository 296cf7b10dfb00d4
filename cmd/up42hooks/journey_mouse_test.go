//go:build unix

package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mouse sends what a terminal sends for a button, in SGR: 0 is the left one, 64 and 65 are the
// wheel. Cells count from 1.
func (term *terminal) mouse(button, x, y int, end string) {
	term.t.Helper()
	term.types(fmt.Sprintf("\x1b[<%d;%d;%d%s", button, x, y, end))
}

func (term *terminal) click(x, y int) {
	term.t.Helper()
	term.mouse(0, x, y, "M")
	term.mouse(0, x, y, "m")
}

func TestTheMouseOnARealTerminal(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	dir := t.TempDir()
	environment := []string{"HOME=" + dir, "TMPDIR=" + dir, "XDG_STATE_HOME=" + dir, "XDG_CONFIG_HOME=" + dir}
	term := newTerminal(t, 120, 30, environment...)
	term.runs(program + " demo --seed 3")
	term.sees(`2 Orders \d+`)
	assert.Equal(t, "1\n", term.tmux("display-message", "-p", "#{mouse_any_flag}"))

	tabs := strings.Split(term.screen(), "\n")[1]
	for _, tab := range []struct{ name, shows string }{{"Events", `VERDICT`}, {"Webhooks", `LAST TEST`}, {"Orders", `STATUS +ORDER`}} {
		term.click(len([]rune(tabs[:strings.Index(tabs, tab.name)]))+1, 2)
		term.sees(tab.shows)
	}
	term.until("has three rows", func(screen string) bool { return regexp.MustCompile(`\d/([3-9]|\d\d) `).MatchString(screen) })
	term.press("p") // so that no row moves
	term.sees(`PAUSED`)
	term.click(10, 7)
	term.sees(` 3/\d+ `)
	term.types("\x1b[<0;1;2;3M\x1b[<0;10") // nonsense, and a click in two parts
	term.types(";7M\x1b[<0;10;7m")
	term.sees(`(?m)^.Order `)
	term.press("Escape")
	term.sees(`sort: latest event`)
	for range 8 {
		term.types(strings.Repeat("\x1b[<65;10;10M\x1b[<64;10;10M", 300)) // much more than fits into a read
	}
	term.sees(`Orders`)
	term.click(4, 4)
	term.sees(`STATUS↓`)
	term.quits()

	term.runs(program + " demo --no-mouse")
	term.sees(`2 Orders \d+`)
	assert.Equal(t, "0\n", term.tmux("display-message", "-p", "#{mouse_any_flag}"))
	term.quits()
}
