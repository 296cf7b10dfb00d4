package webhooks_test

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/webhooks"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

// acts are the keys that act on webhooks.
var acts = []string{"enter", "c", "e", "o", "t", "d", "u", "D", "y", "Y", "v", "r", "H"}

func TestEveryKeyDoesSomethingOrSaysWhyNot(t *testing.T) {
	for state, tc := range map[string]struct {
		change func(*pagetest.Screen, *webhooks.Options)
		keys   []string
		silent map[string]bool // keys without a note
	}{
		"no credentials": {change: pagetest.NoCredentials},
		"empty":          {silent: map[string]bool{"c": true, "r": true}},
		"loading": {change: func(s *pagetest.Screen, _ *webhooks.Options) {
			s.T.Cleanup(s.UP42.Hold("list"))
		}, silent: map[string]bool{"c": true}},
		"failed": {
			change: func(s *pagetest.Screen, _ *webhooks.Options) { s.UP42.Fail["list"] = errors.New("no network") },
			silent: map[string]bool{"c": true, "r": true},
		},
	} {
		for _, k := range acts {
			t.Run(state+"/"+k, func(t *testing.T) {
				pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
					s.Press(k)
					if !tc.silent[k] {
						require.Len(t, s.Notes, 1)
						assert.True(t, strings.HasPrefix(s.Notes[0], "? "), s.Notes[0])
					}
					s.Press("esc", "esc")
				}, func(s *pagetest.Screen, o *webhooks.Options) {
					if tc.change != nil {
						tc.change(s, o)
					}
				})
			})
		}
	}
}

func TestOtherKeysAreLeftToTheFrame(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		for _, k := range []string{"q", "1", "?", "x", "p", "/", "s"} {
			assert.False(t, s.PressKey(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}), k)
			assert.Empty(t, s.Notes)
		}
		assert.False(t, s.PressKey(tea.KeyMsg{Type: tea.KeyEsc}))
		s.Press("enter")
		assert.False(t, s.PressKey(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")}))
		assert.False(t, s.PressKey(tea.KeyMsg{Type: tea.KeyTab}))
		s.Press("/")
		s.Says("? esc goes back to the list first")
		assert.False(t, s.Page.Captures())
		s.Press("esc", "c")
		assert.True(t, s.Page.Captures())
		assert.True(t, s.PressKey(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")}))
		s.Shows("▌ q_")
	}, pagetest.Two)
}

func TestHints(t *testing.T) {
	first := func(s *pagetest.Screen) (hints []string) {
		for _, b := range s.Page.Hints() {
			hints = append(hints, b.Help().Desc)
		}
		return hints[:min(2, len(hints))]
	}
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		for _, tc := range []struct {
			keys []string
			want []string
		}{
			{nil, []string{"create", "test"}},
			{[]string{"enter"}, []string{"back", "edit"}},
			{[]string{"esc", "t"}, []string{"back", "test"}},
			{[]string{"esc", "e"}, []string{"next", "send the form"}},
			{[]string{"!", "ctrl+s"}, []string{"send", "back to the form"}},
			{[]string{"esc", "esc", "esc", "d"}, []string{"delete", "keep it"}},
			{[]string{"monitor", "enter"}, []string{"undo delete", "create"}},
		} {
			s.Press(tc.keys...)
			assert.Equal(t, tc.want, first(s), tc.keys)
		}
	}, pagetest.Two)
	for call, keys := range map[string][]string{
		"test": {"t"}, "create": {"c", "ctrl+s"}, "delete": {"d", "monitor", "enter"}, "update": {"e", "!", "ctrl+s", "enter"},
	} {
		pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
			defer s.UP42.Hold(call)()
			s.Press(keys...)
			assert.Equal(t, []string{"give up"}, first(s), call)
			s.Press("esc")
		}, pagetest.Two)
	}
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) { assert.Empty(t, first(s)) }, pagetest.NoCredentials)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) { assert.Len(t, s.Page.Keys(), len(acts)+2) })
}

func TestKeysOfLists(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("down", "enter")
		s.Shows("Webhook staging orders")
		s.Press("esc", "s")
		s.Says("sorted by newest")
		s.Press("p")
		s.Says("? this page is read again every 30s; p pauses the other pages")
		s.Press("R")
		s.Says("? R asks UP42 about an order or a job")
		s.Press("esc")
		s.Says("? nothing to go back from")
	}, pagetest.Two, func(_ *pagetest.Screen, o *webhooks.Options) { o.Keys = keys.New() })
}
