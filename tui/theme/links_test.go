package theme_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/theme"
)

func TestWhichTerminalsTakeLinks(t *testing.T) {
	for _, test := range []struct {
		env   map[string]string
		takes bool
	}{
		{nil, false},
		{map[string]string{"TERM": "xterm-256color"}, false},
		{map[string]string{"TERM": "xterm-kitty"}, true},
		{map[string]string{"TERM": "alacritty"}, true},
		{map[string]string{"TERM": "dumb", "TERM_PROGRAM": "vscode"}, false},
		{map[string]string{"TERM_PROGRAM": "iTerm.app"}, true},
		{map[string]string{"TERM_PROGRAM": "Apple_Terminal"}, false},
		{map[string]string{"VTE_VERSION": "6800"}, true},
		{map[string]string{"VTE_VERSION": "4800"}, false},
		{map[string]string{"VTE_VERSION": "x"}, false},
		{map[string]string{"WT_SESSION": "1"}, true},
		{map[string]string{"WT_SESSION": "1", "STY": "1"}, false},
		{map[string]string{"VTE_VERSION": "6800", "TMUX": "1", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a"}, false},
		{map[string]string{"TMUX": "1", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"}, true},
		{map[string]string{"TMUX": "1", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.5a"}, true},
		{map[string]string{"TMUX": "1", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "next"}, false},
	} {
		assert.Equal(t, test.takes, theme.TakesLinks(func(name string) string { return test.env[name] }), "%v", test.env)
	}
}
