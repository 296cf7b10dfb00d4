package clipboard_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/clipboard"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/note"
)

func TestCopy(t *testing.T) {
	var copied, notes []string
	var fail error
	write := func(s string) error { copied = append(copied, s); return fail }
	run := func(f func(context.Context) tea.Msg) tea.Cmd { return func() tea.Msg { return f(t.Context()) } }
	say := func(_ note.Kind, words string) { notes = append(notes, words) }
	c, none := clipboard.New(write, run, say), clipboard.New(nil, run, say)
	for _, tc := range []struct {
		cmd          func() tea.Cmd
		copied, note string
	}{
		{func() tea.Cmd { return c.CopyID("an id\x1b[2J") }, `an id\u001b[2J`, `copied an id\u001b[2J`},
		{func() tea.Cmd { return c.CopyID("") }, "", "nothing to copy: this delivery names no order or job"},
		{func() tea.Cmd { return c.CopyBody("{}") }, "{}", "copied the body, 2 bytes"},
		{func() tea.Cmd { return c.CopyBody("") }, "", "nothing to copy: no body is shown"},
		{func() tea.Cmd { return c.CopyBody(strings.Repeat(".", 64<<10+1)) }, "", "too long for a terminal's clipboard; up42hooks events --json has it"},
		{func() tea.Cmd { return none.CopyBody("{}") }, "", "nothing to copy to: this terminal has no clipboard"},
	} {
		copied, notes = nil, nil
		if cmd := tc.cmd(); cmd != nil {
			cmd().(command.Answer).Take()
		}
		assert.Equal(t, tc.copied, strings.Join(copied, ""))
		assert.Equal(t, []string{tc.note}, notes)
	}
	fail = errors.New("no terminal")
	notes = nil
	c.Copy("x", "x")().(command.Answer).Take()
	assert.Equal(t, []string{"could not copy: no terminal"}, notes)
}
