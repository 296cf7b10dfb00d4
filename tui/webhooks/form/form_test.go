package form_test

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
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestFieldsAreCheckedAsTheyAreTyped(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		s.Press("end", "ctrl+u")
		s.Lacks("✕")
		s.Press("enter")
		s.Shows("✕ give the webhook a name")
		s.Paste(strings.Repeat("n", 1000))
		s.Shows("it has 1000")
		s.Press("enter")
		s.Shows("▌ Name", "it has 1000")
		s.Retype("mine")
		s.Lacks("✕")
		s.Press("enter")
		s.Shows("▌ URL", "It leads to this receiver.")
		for _, tc := range []struct{ url, words string }{
			{"http://example.com/", "must begin with https://"},
			{"hooks.example.com", "want a URL like https://"},
			{"https://elsewhere.example.com/", "It leads elsewhere"},
			{"http://127.0.0.1:9888/", "It leads elsewhere"},
		} {
			s.Retype(tc.url)
			s.Shows(tc.words)
		}
		s.Press("enter")
		s.Shows("▌ Events")
		s.Press("space", "down", "space")
		s.Shows("choose one event at least")
		s.Press("ctrl+s", "enter")
		s.Shows("▌ Events")
		assert.Empty(t, s.UP42.All)
		s.Press("up", "space", "enter")
		s.Shows("▌ Active", "[on] off")
		s.Press("space")
		s.Shows(" on [off]")
		s.Press("y")
		s.Shows("[on] off")
		s.Press("n", "enter")
		s.Shows("▌ Secret", "< generate one")
		s.Press("right", "right", "enter")
		s.Says("created mine")
		require.Len(t, s.UP42.All, 1)
		w := s.UP42.All[0]
		assert.Equal(t, []string{"job.status"}, w.Events)
		assert.False(t, w.Active)
		assert.Empty(t, w.Secret)
	})
}

func TestTypingReplacesWhatIsProposed(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		s.Shows("up42hooks", "Typing replaces it")
		s.Press("mine")
		s.Shows("▌ mine")
		s.Lacks("up42hooks_", "Typing replaces it")
		s.Press("enter", "left", "right")
		s.Lacks("Typing replaces it")
		s.Press("/2")
		s.Shows("https://hooks.example.com/receive-webhooks/2")
	})
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c", "enter")
		s.Paste("https://other.example.com/")
		s.Shows("▌ https://other.example.com/_")
	})
}

func TestAWeakSecretIsToldBeforeItIsUsed(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("e", "down", "down", "tab", "tab", "right", "right", "enter")
		s.Paste("12345")
		s.Shows("has 5 characters", "Use 16 random characters or more")
		s.Paste("12345678901")
		s.Lacks("random characters or more")
		s.Press("shift+tab", "right")
		s.Shows("none: not signed, so rejected here", "rejects what is not signed")
	}, pagetest.Two)
}

func TestSendingFromAnywhereGoesToWhatIsWrong(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		s.Press("end", "ctrl+u")
		s.Press("down", "down", "tab", "tab", "ctrl+s")
		s.Shows("▌ Name", "give the webhook a name")
		s.Paste("mine")
		s.Press("ctrl+s")
		s.Says("created mine")
	})
}

func TestAnOwnSecret(t *testing.T) {
	long := strings.Repeat("ü", 501)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("e", "down", "down", "tab", "tab", "right", "right", "enter")
		s.Shows("Your secret")
		s.Press("enter")
		s.Shows("type or paste a secret")
		s.Paste(long)
		s.Shows("may have 500 characters, it has 501")
		s.Press("enter")
		s.Shows("Your secret")
		s.Press("backspace", "enter")
		s.Shows("→ changed")
		s.Press("enter")
		s.Says("saved monitor")
		assert.Equal(t, client.Secret(long[:1000]), s.UP42.Get(pagetest.Mine.ID).Secret)

		s.Press("e", "down", "down", "tab", "tab", "right", "right", "enter")
		s.Paste("with a bell\a")
		s.Shows("not accepted")
		s.Paste(" pasted: with spaces \n")
		s.Press("shift+tab")
		s.Shows("▌ Secret", "your own")
		s.Press("down", "enter", "enter")
		s.Says("saved")
		assert.Equal(t, client.Secret(" pasted: with spaces "), s.UP42.Get(pagetest.Mine.ID).Secret)

		s.Press("e", "tab", "tab", "tab", "tab", "right", "right", "right", "enter")
		s.Shows("→ none")
		s.Press("enter")
		assert.Empty(t, s.UP42.Get(pagetest.Mine.ID).Secret)
	}, pagetest.Two)
}

// What is typed or pasted on the choice is the user's own secret, whatever was chosen.
func TestTypingOnTheChoiceOfTheSecretBeginsOnesOwn(t *testing.T) {
	const secret = "hl-a secret of one's own"
	for name, enter := range map[string]func(*pagetest.Screen){
		"typed": func(s *pagetest.Screen) {
			for _, r := range secret {
				s.Press(string(r))
			}
		},
		"pasted": func(s *pagetest.Screen) { s.Paste(secret) },
		"again, after another one": func(s *pagetest.Screen) {
			s.Paste("another")
			s.Press("shift+tab", "left")
			s.Paste(secret)
		},
		"after one that is refused": func(s *pagetest.Screen) {
			s.Paste("with a bell\a")
			s.Shows("▌ Your secret", "not accepted")
			s.Paste(secret)
		},
	} {
		t.Run(name, func(t *testing.T) {
			pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
				s.Press("c", "tab", "tab", "tab", "tab")
				s.Shows("▌ Secret", "< generate one")
				enter(s)
				s.Shows("▌ Your secret", strings.Repeat("*", len(secret)))
				s.Lacks("generate one")
				s.Press("enter")
				s.Says("created")
				assert.Equal(t, client.Secret(secret), s.UP42.All[0].Secret)
			})
		})
	}
}

func TestCharactersThatCannotBeShownAreLeftOut(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		s.Retype("a\x1b[31mb\u202ec\u0301\n")
		s.Shows("2 characters that can't be shown were left out", "a[31mbc\u0301")
		s.Retype("a\x1b[31mbc\u0301")
		s.Shows("1 character that can't be shown was left out")
		s.Press("ctrl+s")
		s.Says("created a[31mbc\u0301")
		assert.Equal(t, "a[31mbc\u0301", s.UP42.All[0].Name)
	})
}

func TestTypesOfEventsComeFromUP42(t *testing.T) {
	many := func(s *pagetest.Screen, _ *webhooks.Options) {
		s.UP42.Types = nil
		for i := range 30 {
			s.UP42.Types = append(s.UP42.Types, client.EventType{Name: fmt.Sprintf("kind-%02d\x1b", i), Title: "same"})
		}
		s.UP42.Have(pagetest.Mine)
	}
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("e", "tab", "tab")
		s.Shows(`[ ] kind-00\u001b  same`)
		for range 31 {
			s.Press("down")
		}
		s.Shows("> [x] order.status")
		s.Press("space", "ctrl+s")
		s.Shows("→ job.status")
		s.Press("enter")
		assert.Equal(t, []string{"job.status"}, s.UP42.Get(pagetest.Mine.ID).Events)
	}, many)
}

// All forty events can be reached and chosen on the smallest usual screen.
func TestAFormWithFortyEvents(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c", "tab", "tab")
		s.Shows("[x] kind-01.status", "40 of 40 are selected", "Secret")
		s.Lacks("kind-06.status")
		for range 39 {
			s.Press("down")
		}
		s.Shows("> [x] kind-40.status", "Name", "URL", "Active", "Secret")
		s.Press("space")
		s.Shows("> [ ] kind-40.status", "39 of 40 are selected")
		s.Press("ctrl+s")
		s.Says("created up42hooks")
		assert.Len(t, s.UP42.All[0].Events, 39)
		s.Shows("39 types")
	}, pagetest.Forty)
}

func TestASecretThatUP42DoesNotTellMustBeChosen(t *testing.T) {
	const refusal = "UP42 does not show its secret, and a change would remove it"
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("e", "!", "ctrl+s")
		s.ShowsWords(refusal)
		s.Shows("not known: choose one")
		assert.Zero(t, s.UP42.Asked("update"))
		s.Press("right", "right", "enter")
		s.Paste("typed by hand")
		s.Press("enter")
		s.Shows("→ monitor!", "not known", "→ changed")
		s.Press("enter")
		s.Says("saved monitor!")
		now := s.UP42.Get(pagetest.Mine.ID)
		assert.Equal(t, "typed by hand", now.Secret.Reveal())
		assert.Equal(t, "monitor!", now.Name)
	}, pagetest.Two, pagetest.Hidden)
	for choice, want := range map[int]string{1: "generated", 3: ""} {
		pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
			s.Press("e", "tab", "tab", "tab", "tab")
			for range choice {
				s.Press("right")
			}
			s.Press("ctrl+s", "enter")
			s.Says("saved monitor")
			secret := s.UP42.Get(pagetest.Mine.ID).Secret.Reveal()
			if want == "" {
				assert.Empty(t, secret, "the user wanted none")
			} else {
				assert.Len(t, secret, 43)
			}
		}, pagetest.Two, pagetest.Hidden)
	}
}

func TestFormsAreDrawnInTheThemesStyles(t *testing.T) {
	colours := func(_ *pagetest.Screen, o *webhooks.Options) {
		o.Theme = theme.New(theme.Options{Profile: termenv.TrueColor, Name: theme.Dark})
	}
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		assert.Contains(t, s.Page.View(), "\x1b[", "colours")
		for i, l := range strings.Split(s.Page.View(), "\n") {
			if strings.Contains(l, "\x1b[") {
				assert.Greater(t, strings.LastIndex(l, "\x1b[0m"), strings.LastIndex(strings.ReplaceAll(l, "\x1b[0m", "    "), "\x1b["), "line %d ends plain: %q", i, l)
			}
		}
	}, colours)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		assert.NotContains(t, s.Page.View(), "\x1b")
	})
}

func TestFormShowsWhatUP42Refused(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Fail["update"] = &client.Error{Call: "update", Status: 422, Message: "secret the-first-secret is too weak"}
		s.Press("e", "x", "ctrl+s", "enter")
		s.Shows("UP42 answered 422: secret ******** is too weak")
		s.Says("! could not save monitor")
		assert.NotContains(t, s.Notes[0], "weak", "it is said once")
		s.Press("esc")
		s.Shows("Edit monitor", "is too weak")
		s.Press("x")
		s.Lacks("too weak")
		delete(s.UP42.Fail, "update")
		s.Press("ctrl+s", "enter")
		s.Says("saved monitorxx")
	}, pagetest.Two)
}

func TestPastingWhereNothingIsTyped(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		assert.False(t, s.PressKey(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("c"), Paste: true}))
		s.Press("e", "x", "ctrl+s")
		s.Paste("\n")
		s.Says("? nothing to paste into")
		assert.Equal(t, 0, s.UP42.Asked("update"))
	}, pagetest.Two)
}

func TestLeavingAFilledFormAsks(t *testing.T) {
	const question = "? esc again leaves the form: what was typed is lost"
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c", "esc")
		s.Shows("staging")
		s.Press("c", "!", "esc")
		s.Says(question)
		s.Shows("▌ !_")
		s.Press("?", "esc")
		s.Says(question)
		s.Press("esc")
		s.Shows("staging")
		s.Press("e", "!", "backspace", "esc")
		s.Shows("staging")
		for _, change := range [][]string{{"down", "/"}, {"tab", "tab", "space"}, {"tab", "tab", "tab", "n"}, {"tab", "tab", "tab", "tab", "right"}} {
			s.Press("e")
			s.Press(change...)
			s.Press("esc")
			s.Says(question)
			s.Press("esc")
			s.Shows("staging")
		}
	}, pagetest.Two)
}

func TestEscGoesBackFromTheSecret(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("e", "tab", "tab", "tab", "tab", "right", "right", "enter")
		s.Shows("Your secret")
		s.Press("esc")
		s.Shows("▌ Secret", "your own")
		s.Press("left", "left", "esc")
		s.Shows("staging")
	}, pagetest.Two)
}

// A secret that is probably mistaken is told, and is accepted all the same.
func TestFormWarnsOfAMistakenSecret(t *testing.T) {
	pagetest.Run(t, 80, 24, func(s *pagetest.Screen) {
		s.Press("e", "tab", "tab", "tab", "tab", "right", "right", "enter")
		s.Shows("Your secret")
		s.Lacks("all of it is used")
		s.Press(`"hush-1234"`)
		s.ShowsWords("Your secret is within quotation marks, and all of it is used. Remove the quotation marks")
		s.Lacks("hush")
		s.Press("backspace")
		s.Lacks("all of it is used")
	}, pagetest.Two)
}

func TestFormWarnsOfDuplicateEvents(t *testing.T) {
	const all = "monitor already sends these events there: each would come twice"
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		s.Shows(all)
		s.Lacks("once this is on")
		s.Press("tab", "tab", "space")
		s.Shows(all)
		s.Press("tab", "n")
		s.ShowsWords(all + ", once this is on")
		s.Press("y", "shift+tab", "shift+tab")
		s.Retype("https://hooks.example.com/another")
		s.Lacks("twice")
		s.Press("ctrl+s")
		s.Says("created up42hooks")
		s.Press("d", "up42hooks", "enter")
	}, pagetest.Two)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		s.Shows("monitor already sends order.status there: each would come twice")
		s.Press("esc", "D")
		s.Shows("monitor already sends these events there", "once")
	}, func(s *pagetest.Screen, _ *webhooks.Options) {
		one := pagetest.Mine
		one.Events = []string{"order.status"}
		s.UP42.Have(one)
	})
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		s.Lacks("twice")
		s.Press("esc", "e")
		s.Lacks("twice")
	}, func(s *pagetest.Screen, _ *webhooks.Options) {
		off := pagetest.Mine
		off.Active = false
		s.UP42.Have(off)
	})
}
