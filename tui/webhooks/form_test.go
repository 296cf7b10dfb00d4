package webhooks_test

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// retype empties the field and pastes another text.
func (s *screen) retype(what string) {
	s.t.Helper()
	s.press("end", "ctrl+u")
	s.paste(what)
}

func TestFieldsAreCheckedAsTheyAreTyped(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.press("end", "ctrl+u")
		s.lacks("✕")
		s.press("enter")
		s.shows("✕ give the webhook a name")
		s.paste(strings.Repeat("n", 1000))
		s.shows("it has 1000")
		s.press("enter")
		s.shows("▌ Name", "it has 1000")
		s.retype("mine")
		s.lacks("✕")
		s.press("enter")
		s.shows("▌ URL", "It leads to this receiver.")
		for _, tc := range []struct{ url, words string }{
			{"http://example.com/", "must begin with https://"},
			{"hooks.example.com", "want a URL like https://"},
			{"https://elsewhere.example.com/", "It leads elsewhere"},
			{"http://127.0.0.1:9888/", "It leads elsewhere"},
		} {
			s.retype(tc.url)
			s.shows(tc.words)
		}
		s.press("enter")
		s.shows("▌ Events")
		s.press("space", "down", "space")
		s.shows("choose one event at least")
		s.press("ctrl+s", "enter")
		s.shows("▌ Events")
		assert.Empty(t, s.api.webhooks)
		s.press("up", "space", "enter")
		s.shows("▌ Active", "[on] off")
		s.press("space")
		s.shows(" on [off]")
		s.press("y")
		s.shows("[on] off")
		s.press("n", "enter")
		s.shows("▌ Secret", "< make one")
		s.press("right", "right", "enter")
		s.says("created mine")
		require.Len(t, s.api.webhooks, 1)
		w := s.api.webhooks[0]
		assert.Equal(t, []string{"job.status"}, w.Events)
		assert.False(t, w.Active)
		assert.Empty(t, w.Secret)
	})
}

func TestSendingFromAnywhereGoesToWhatIsWrong(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.press("end", "ctrl+u")
		s.press("down", "down", "tab", "tab", "ctrl+s")
		s.shows("▌ Name", "give the webhook a name")
		s.paste("mine")
		s.press("ctrl+s")
		s.says("created mine")
	})
}

func TestAnOwnSecret(t *testing.T) {
	long := strings.Repeat("ü", 501)
	within(t, 80, 19, func(s *screen) {
		s.press("e", "down", "down", "tab", "tab", "right", "right", "enter")
		s.shows("Your secret")
		s.press("enter")
		s.shows("type or paste a secret")
		s.paste(long)
		s.shows("may have 500 characters, it has 501")
		s.press("enter")
		s.shows("Your secret")
		s.press("backspace", "enter")
		s.shows("→ changed")
		s.press("enter")
		s.says("saved monitor")
		assert.Equal(t, client.Secret(long[:1000]), s.api.get(mine.ID).Secret)

		s.press("e", "down", "down", "tab", "tab", "right", "right", "enter")
		s.paste("with a bell\a")
		s.shows("not taken")
		s.paste(" pasted: with spaces \n")
		s.press("shift+tab")
		s.shows("▌ Secret", "your own")
		s.press("down", "enter", "enter")
		s.says("saved")
		assert.Equal(t, client.Secret(" pasted: with spaces "), s.api.get(mine.ID).Secret)

		s.press("e", "tab", "tab", "tab", "tab", "right", "right", "right", "enter")
		s.shows("→ none")
		s.press("enter")
		assert.Empty(t, s.api.get(mine.ID).Secret)
	}, two)
}

func TestCharactersThatCannotBeShownAreLeftOut(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.retype("a\x1b[31mb\u202ec\u0301\n")
		s.shows("2 characters that can't be shown were left out", "a[31mbc\u0301")
		s.press("ctrl+s")
		s.says("created a[31mbc\u0301")
		assert.Equal(t, "a[31mbc\u0301", s.api.webhooks[0].Name)
	})
}

func TestTypesOfEventsComeFromUP42(t *testing.T) {
	many := func(s *screen, _ *webhooks.Options) {
		s.api.types = nil
		for i := range 30 {
			s.api.types = append(s.api.types, client.EventType{Name: fmt.Sprintf("kind-%02d\x1b", i), Title: "same"})
		}
		s.api.having(mine)
	}
	within(t, 80, 19, func(s *screen) {
		s.press("e", "tab", "tab")
		s.shows(`[ ] kind-00\u001b  same`)
		for range 31 {
			s.press("down")
		}
		s.shows("> [x] order.status")
		s.press("space", "ctrl+s")
		s.shows("→ job.status")
		s.press("enter")
		assert.Equal(t, []string{"job.status"}, s.api.get(mine.ID).Events)
	}, many)
	within(t, 80, 19, func(s *screen) {
		s.press("c", "tab", "tab")
		s.shows("[x] order.status", "[x] job.status")
		s.press("ctrl+s")
		assert.Equal(t, []string{"order.status", "job.status"}, s.api.webhooks[0].Events)
	}, func(s *screen, _ *webhooks.Options) { s.api.fail["types"] = fmt.Errorf("down") })
}

func TestFormsAreDrawnInTheThemesStyles(t *testing.T) {
	colours := func(_ *screen, o *webhooks.Options) {
		o.Theme = theme.New(theme.Options{Profile: termenv.TrueColor, Dark: true})
	}
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		assert.Contains(t, s.p.View(), "\x1b[", "colours")
		for i, l := range strings.Split(s.p.View(), "\n") {
			if strings.Contains(l, "\x1b[") {
				assert.Greater(t, strings.LastIndex(l, "\x1b[0m"), strings.LastIndex(strings.ReplaceAll(l, "\x1b[0m", "    "), "\x1b["), "line %d ends plain: %q", i, l)
			}
		}
	}, colours)
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		assert.NotContains(t, s.p.View(), "\x1b")
	})
}

func TestFormShowsWhatUP42Refused(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.api.fail["update"] = &client.Error{Call: "update", Status: 422, Message: "secret the-first-secret is too weak"}
		s.press("e", "x", "ctrl+s", "enter")
		s.shows("secret ******** is too weak (422)")
		s.says("! could not save monitor")
		assert.NotContains(t, s.notes[0], "weak", "it is said once")
		s.press("esc")
		s.shows("Edit monitor", "is too weak")
		s.press("x")
		s.lacks("too weak")
		delete(s.api.fail, "update")
		s.press("ctrl+s", "enter")
		s.says("saved monitorxx")
	}, two)
}

func TestPastingWhereNothingIsTyped(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		assert.False(t, s.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("c"), Paste: true}))
		s.press("e", "x", "ctrl+s")
		s.paste("\n")
		s.says("? nothing to paste into")
		assert.Equal(t, 0, s.api.asked("update"))
	}, two)
}

func TestLeavingAFilledFormAsks(t *testing.T) {
	const question = "? esc again leaves the form: what was typed is lost"
	within(t, 80, 19, func(s *screen) {
		s.press("c", "esc")
		s.shows("staging")
		s.press("c", "!", "esc")
		s.says(question)
		s.shows("up42hooks!")
		s.press("?", "esc")
		s.says(question)
		s.press("esc")
		s.shows("staging")
		s.press("e", "!", "backspace", "esc")
		s.shows("staging")
		for _, change := range [][]string{{"down", "/"}, {"tab", "tab", "space"}, {"tab", "tab", "tab", "n"}, {"tab", "tab", "tab", "tab", "right"}} {
			s.press("e")
			s.press(change...)
			s.press("esc")
			s.says(question)
			s.press("esc")
			s.shows("staging")
		}
	}, two)
}

func TestEscGoesBackFromTheSecret(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("e", "tab", "tab", "tab", "tab", "right", "right", "enter")
		s.shows("Your secret")
		s.press("esc")
		s.shows("▌ Secret", "your own")
		s.press("left", "left", "esc")
		s.shows("staging")
	}, two)
}

func TestFormWarnsOfDuplicateEvents(t *testing.T) {
	const all = "monitor already sends these events there: each would come twice"
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.shows(all)
		s.lacks("once this is on")
		s.press("tab", "tab", "space")
		s.shows(all)
		s.press("tab", "n")
		s.tells(all + ", once this is on")
		s.press("y", "shift+tab", "shift+tab")
		s.retype("https://hooks.example.com/another")
		s.lacks("twice")
		s.press("ctrl+s")
		s.says("created up42hooks")
		s.press("d", "up42hooks", "enter")
	}, two)
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.shows("monitor already sends order.status there: each would come twice")
		s.press("esc", "D")
		s.shows("monitor already sends these events there", "once")
	}, func(s *screen, _ *webhooks.Options) {
		one := mine
		one.Events = []string{"order.status"}
		s.api.having(one)
	})
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.lacks("twice")
		s.press("esc", "e")
		s.lacks("twice")
	}, func(s *screen, _ *webhooks.Options) {
		off := mine
		off.Active = false
		s.api.having(off)
	})
}
