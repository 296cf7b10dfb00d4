package webhooks_test

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/webhooks"
)

// acts are the keys that act on webhooks.
var acts = []string{"enter", "c", "e", "space", "t", "d", "u", "D", "y", "Y", "v", "r", "P"}

func TestEveryKeyDoesSomethingOrSaysWhyNot(t *testing.T) {
	for state, tc := range map[string]struct {
		change func(*screen, *webhooks.Options)
		keys   []string
		silent map[string]bool // keys without a note
	}{
		"no credentials": {change: none},
		"empty":          {silent: map[string]bool{"c": true, "r": true}},
		"loading": {change: func(s *screen, _ *webhooks.Options) {
			s.t.Cleanup(s.api.hold("list"))
		}, silent: map[string]bool{"c": true}},
		"failed": {
			change: func(s *screen, _ *webhooks.Options) { s.api.fail["list"] = errors.New("no network") },
			silent: map[string]bool{"c": true, "r": true},
		},
	} {
		for _, k := range acts {
			t.Run(state+"/"+k, func(t *testing.T) {
				within(t, 80, 19, func(s *screen) {
					s.press(k)
					if !tc.silent[k] {
						require.Len(t, s.notes, 1)
						assert.True(t, strings.HasPrefix(s.notes[0], "? "), s.notes[0])
					}
					s.press("esc", "esc")
				}, func(s *screen, o *webhooks.Options) {
					if tc.change != nil {
						tc.change(s, o)
					}
				})
			})
		}
	}
}

func TestOtherKeysAreLeftToTheFrame(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		for _, k := range []string{"q", "1", "?", "x", "p", "/", "s"} {
			assert.False(t, s.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}), k)
			assert.Empty(t, s.notes)
		}
		assert.False(t, s.key(tea.KeyMsg{Type: tea.KeyEsc}))
		s.press("enter")
		assert.False(t, s.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")}))
		assert.False(t, s.key(tea.KeyMsg{Type: tea.KeyTab}))
		s.press("/")
		s.says("? esc goes back to the list first")
		assert.False(t, s.p.Captures())
		s.press("esc", "c")
		assert.True(t, s.p.Captures())
		assert.True(t, s.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")}))
		s.shows("up42hooksq")
	}, two)
}

func TestSpaceScrollsOverTheList(t *testing.T) {
	for _, keys := range [][]string{{"t", "esc", "enter"}, {"t"}} {
		within(t, 80, 10, func(s *screen) {
			s.press(keys...)
			before := s.view()
			s.press("space", "space", "space")
			assert.NotEqual(t, before, s.view())
			s.shows("stored #2")
			s.press("g")
			assert.Equal(t, before, s.view())
			s.press("pgdown")
			assert.NotEqual(t, before, s.view())
			assert.True(t, s.api.get(mine.ID).Active)
			assert.Equal(t, 0, s.api.asked("update"))
		}, two)
		within(t, 200, 55, func(s *screen) {
			s.press(keys...)
			s.press("space")
			s.says("? all of it can be seen")
			s.press("space")
			assert.Equal(t, 0, s.api.asked("update"))
		}, two)
	}
}
