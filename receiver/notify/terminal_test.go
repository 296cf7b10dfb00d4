package notify_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/notify"
)

func TestTerminalOf(t *testing.T) {
	const none = "desktop notices ring the bell: "
	const unknown = none + "this terminal is not known to show them"
	const tmux = none + "tmux does not pass them on; put `set -g allow-passthrough on` into ~/.tmux.conf"
	const outside = none + "the terminal around tmux is not known to show them"
	type want struct {
		terminal notify.Terminal
		advice   string
	}
	for env, want := range map[string]want{
		"":                    {notify.Silent, unknown},
		"TERM=xterm-256color": {notify.Silent, unknown},
		"TERM=xterm-256color TERM_PROGRAM=iTerm.app":               {notify.OSC9, ""},
		"TERM=xterm-256color LC_TERMINAL=iTerm2":                   {notify.OSC9, ""},
		"TERM=xterm-256color TERM_PROGRAM=WezTerm":                 {notify.OSC9, ""},
		"TERM=xterm-kitty":                                         {notify.OSC9, ""},
		"TERM=xterm-ghostty TERM_PROGRAM=ghostty":                  {notify.OSC777, ""},
		"TERM=foot-extra TERM_PROGRAM=WezTerm":                     {notify.OSC777, ""},
		"TERM=rxvt-unicode-256color":                               {notify.OSC777, ""},
		"TERM=xterm-256color VTE_VERSION=7600":                     {notify.OSC777, ""},
		"TERM=xterm-256color VTE_VERSION=7600 TERM_PROGRAM=vscode": {notify.Silent, unknown},
		"TERM=xterm-256color TERM_PROGRAM=Apple_Terminal":          {notify.Silent, unknown},
		"TERM=xterm-kitty STY=1.pts":                               {notify.Silent, none + "GNU screen does not pass them on"},
		"TERM=tmux-256color TERM_PROGRAM=iTerm.app":                {notify.Silent, unknown},
		"TMUX=/tmp/t,1,0 TERM=xterm-kitty":                         {notify.Silent, tmux},
		"TMUX=/tmp/t,1,0 allow-passthrough=0":                      {notify.Silent, tmux},
		"TMUX=/tmp/t,1,0 allow-passthrough=off":                    {notify.Silent, tmux},
		"TMUX=/tmp/t,1,0 TERM=tmux-256color TERM_PROGRAM=tmux allow-passthrough=1 client_termname=xterm-kitty":      {notify.TmuxOSC9, ""},
		"TMUX=/tmp/t,1,0 TERM=screen allow-passthrough=all client_termname=foot":                                    {notify.TmuxOSC777, ""},
		"TMUX=/tmp/t,1,0 TERM=screen VTE_VERSION=7600 allow-passthrough=on client_termname=xterm-256color":          {notify.TmuxOSC777, ""},
		"TMUX=/tmp/t,1,0 TERM=screen TERM_PROGRAM=iTerm.app allow-passthrough=on client_termname=xterm-256color":    {notify.Silent, outside},
		"TMUX=/tmp/t,1,0 TERM=tmux-256color LC_TERMINAL=iTerm2 allow-passthrough=on client_termname=xterm-256color": {notify.TmuxOSC9, ""},
	} {
		look := func(name string) string {
			for _, v := range strings.Fields(env) {
				if k, value, _ := strings.Cut(v, "="); k == name {
					return value
				}
			}
			return ""
		}
		got, advice := notify.TerminalOf(look, look)
		assert.Equal(t, want.terminal, got, env)
		assert.Equal(t, want.advice, advice, env)
	}
}

func TestTerminals(t *testing.T) {
	var got string
	write := func(b []byte) { got = string(b) }
	m := &notify.Message{Rule: "ends", Text: "order a;b is FULFILLED"}
	hostile := &notify.Message{Rule: "4;1\x1b\\", Text: "x\x07\u009c\x1b]0;t\u202e"}
	for _, c := range []struct {
		name string
		a    notify.Action
		m    *notify.Message
		want string
	}{
		{"bell", notify.Bell(write), m, "\a"},
		{"desktop", notify.Desktop(notify.Silent, write), m, "\a"},
		{"desktop", notify.Desktop(notify.OSC9, write), m, "\x1b]9;ends: order a,b is FULFILLED\x1b\\"},
		{"desktop", notify.Desktop(notify.OSC777, write), m, "\x1b]777;notify;ends;order a,b is FULFILLED\x1b\\"},
		{"desktop", notify.Desktop(notify.TmuxOSC9, write), m, "\x1bPtmux;\x1b\x1b]9;ends: order a,b is FULFILLED\x1b\x1b\\\x1b\\"},
		{"desktop", notify.Desktop(notify.TmuxOSC777, write), m, "\x1bPtmux;\x1b\x1b]777;notify;ends;order a,b is FULFILLED\x1b\x1b\\\x1b\\"},
		{"desktop", notify.Desktop(notify.OSC777, write), &notify.Message{Text: "x"}, "\x1b]777;notify;up42hooks;x\x1b\\"},
		{"desktop", notify.Desktop(notify.OSC9, write), hostile, "\x1b]9;4,1?\\: x???]0,t?\x1b\\"},
	} {
		require.NoError(t, c.a.Send(context.Background(), c.m))
		assert.Equal(t, c.want, got)
		assert.Equal(t, c.name, c.a.String())
		assert.False(t, c.a.Persistent())
	}
	require.NoError(t, notify.Desktop(notify.OSC9, write).Send(context.Background(), &notify.Message{Text: strings.Repeat("ž", 10_000)}))
	assert.Less(t, len(got), 500)
}
