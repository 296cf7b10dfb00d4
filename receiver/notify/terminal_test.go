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
	for env, want := range map[string]notify.Terminal{
		"":                    notify.Silent,
		"TERM=xterm-256color": notify.Silent,
		"TERM=xterm-256color TERM_PROGRAM=iTerm.app":               notify.OSC9,
		"TERM=xterm-256color LC_TERMINAL=iTerm2":                   notify.OSC9,
		"TERM=xterm-256color TERM_PROGRAM=WezTerm":                 notify.OSC9,
		"TERM=xterm-kitty":                                         notify.OSC9,
		"TERM=xterm-ghostty TERM_PROGRAM=ghostty":                  notify.OSC777,
		"TERM=foot-extra TERM_PROGRAM=WezTerm":                     notify.OSC777,
		"TERM=rxvt-unicode-256color":                               notify.OSC777,
		"TERM=xterm-256color VTE_VERSION=7600":                     notify.OSC777,
		"TERM=xterm-256color VTE_VERSION=7600 TERM_PROGRAM=vscode": notify.Silent,
		"TERM=xterm-256color TERM_PROGRAM=Apple_Terminal":          notify.Silent,
		"TERM=xterm-kitty TMUX=/tmp/tmux-0/default,1,0":            notify.Silent,
		"TERM=xterm-kitty STY=1.pts":                               notify.Silent,
		"TERM=tmux-256color TERM_PROGRAM=iTerm.app":                notify.Silent,
	} {
		got := notify.TerminalOf(func(name string) string {
			for _, v := range strings.Fields(env) {
				if k, value, _ := strings.Cut(v, "="); k == name {
					return value
				}
			}
			return ""
		})
		assert.Equal(t, want, got, env)
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
