package webhooks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// acts are the keys that do something to a webhook, or with one.
var acts = []string{"enter", "c", "e", "space", "t", "d", "u", "D", "y", "Y", "v", "r", "P"}

func TestEveryKeyDoesSomethingOrSaysWhyNot(t *testing.T) {
	for state, tc := range map[string]struct {
		change func(*screen, *webhooks.Options)
		keys   []string
		silent map[string]bool // what can be seen says it all
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

func TestKeysThatAreNotThePages(t *testing.T) {
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

func TestListFollowsUP42(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		n, known := s.p.Count()
		assert.Equal(t, 2, n)
		assert.True(t, known)
		require.Len(t, s.listed, 1)
		assert.Equal(t, "the-first-secret", s.listed[0][0].Secret.Reveal())
		assert.Equal(t, "monitor", s.p.NameOf(mine.ID))
		assert.Empty(t, s.p.NameOf("nobody"))

		s.api.remove(mine.ID)
		s.api.change(other.ID, func(w *client.Webhook) { w.Name = "renamed\x1b[31m\u202e" })
		s.press("r")
		s.lacks("monitor")
		s.shows(`renamed\u…31m\u202e`)
		assert.Equal(t, "monitor", s.p.NameOf(mine.ID), "its deliveries are still there")
		assert.Equal(t, `renamed\u001b[31m\u202e`, s.p.NameOf(other.ID))
		assert.Len(t, s.listed, 2)
	}, two)
}

func TestAListThatCouldNotBeReadAgainStays(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.api.fail["list"] = unreachable(syscall.ECONNREFUSED)
		s.advance(30 * time.Second)
		s.press("r")
		s.says("! could not read the webhooks")
		s.shows("monitor")
		s.tells("this is how it was 30s ago: UP42 does not answer (connection refused); r tries again")
		assert.NotContains(t, s.notes[0], "refused", "why is said once")
		delete(s.api.fail, "list")
		s.press("r")
		s.lacks("this is how it was")
	}, two)
}

func TestReadingCanBeGivenUp(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("list")
		s.press("r")
		s.shows("reading the webhooks")
		s.press("r")
		s.says("? the webhooks are being read; esc gives up")
		s.press("esc")
		s.says("gave up reading")
		s.lacks("reading the webhooks")
		assert.Equal(t, 2, s.api.asked("list"))
		release()
		s.settle()
		s.press("r")
		s.shows("monitor")
	}, two)
}

func TestFailuresSayWhatToDo(t *testing.T) {
	refusal := func(status int, message string) error {
		return &client.Error{Call: "call", Status: status, Message: message}
	}
	for _, tc := range []struct {
		name  string
		err   error
		words string
	}{
		{"401", refusal(http.StatusUnauthorized, "token expired"), "token expired"},
		{"403", refusal(http.StatusForbidden, "not your workspace"), "not your workspace"},
		{"409", refusal(http.StatusConflict, "it exists"), "it exists"},
		{"422", refusal(http.StatusUnprocessableEntity, "events: unknown \x1b[2Jevent"), `events: unknown \u001b[2Jevent`},
		{"429", refusal(http.StatusTooManyRequests, "slow down"), "slow down"},
		{"500", refusal(http.StatusInternalServerError, "an HTML page instead of JSON"), "an HTML page instead of JSON"},
		{"no network", unreachable(syscall.EHOSTUNREACH), "UP42 does not answer (no route to host)"},
		{"hung up", fmt.Errorf("call: %w", io.EOF), "UP42 does not answer (it hung up)"},
		{"no such host", fmt.Errorf("call: %w", &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}}), "UP42 can't be found (there is no host api.example.com)"},
		{"wrong password", &client.Error{Call: "sign in", Status: http.StatusUnauthorized, Message: "Invalid user credentials"}, "UP42 does not accept this user name or password"},
		{"too late", fmt.Errorf("call: %w", context.DeadlineExceeded), "UP42 did not answer in time"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			within(t, 80, 19, func(s *screen) {
				for _, call := range []struct {
					name string
					keys []string
					out  int // how often esc leads back
				}{
					{"list", []string{"r"}, 0},
					{"create", []string{"c", "ctrl+s"}, 1},
					{"get", []string{"space", "space"}, 0},
					{"update", []string{"space", "space"}, 0},
					{"update", []string{"e", "x", "ctrl+s", "enter"}, 3},
					{"delete", []string{"d", "monitor", "enter"}, 1},
					{"test", []string{"t"}, 1},
				} {
					s.api.fail = map[string]error{call.name: tc.err}
					s.press(call.keys...)
					require.Len(t, s.notes, 1, call.name)
					assert.True(t, strings.HasPrefix(s.notes[0], "! "), s.notes[0])
					said := strings.Join(strings.Fields(s.view()), " ") + " " + s.notes[0]
					assert.Equal(t, 1, strings.Count(said, tc.words), "%s: it is said, and once: %s", call.name, said)
					assert.NotContains(t, said, "dial", call.name)
					assert.NotContains(t, said, "192.0.2.1", call.name)
					for range call.out {
						s.press("esc")
					}
					s.shows("monitor ")
					s.api.fail = map[string]error{}
					s.press("r")
				}
				assert.Equal(t, mine, s.api.get(mine.ID))
			}, two)
		})
	}
}

func TestWhatSomebodyDeletedMeanwhileGoes(t *testing.T) {
	for name, keys := range map[string][]string{
		"space": {"space", "space"}, "edit": {"e", "x", "ctrl+s", "enter"}, "test": {"t"}, "delete": {"d", "monitor", "enter"}, "from the details": {"enter", "t"},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 80, 19, func(s *screen) {
				s.api.remove(mine.ID)
				s.press(keys...)
				s.says("deleted", "u creates it again")
				n, _ := s.p.Count()
				assert.Equal(t, 1, n)
				s.shows("staging")
				s.press("u")
				s.says("created monitor again")
				assert.Equal(t, mine.Secret, s.api.webhooks[1].Secret)
			}, two)
		})
	}
}

func TestToggleKeepsWhatOthersChanged(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.api.change(mine.ID, func(w *client.Webhook) { w.Name, w.Secret = "renamed", "rotated" })
		s.press("space", "space")
		s.says("renamed is off; space turns it on again")
		now := s.api.get(mine.ID)
		assert.False(t, now.Active)
		assert.Equal(t, client.Secret("rotated"), now.Secret)
		assert.Equal(t, mine.Events, now.Events)
		assert.Equal(t, "rotated", s.listed[len(s.listed)-1][0].Secret.Reveal())

		s.api.change(mine.ID, func(w *client.Webhook) { w.Active = true })
		s.press("space")
		s.says("? renamed was on already: somebody else did it")
		s.shows("● on")
	}, two)
}

func TestACallUnderWayShowsAndCanBeGivenUp(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("update")
		s.press("space", "space")
		s.shows("◐ turning")
		for _, k := range []string{"space", "e", "t", "d"} {
			s.press(k)
			s.says("? turning off monitor is under way; esc gives it up")
		}
		s.p.Move(1)
		s.press("enter", "esc")
		s.shows("◐ turning")
		s.press("esc")
		s.says("? gave up turning off monitor; UP42 may have done it")
		s.lacks("◐ turning")
		assert.Equal(t, 2, s.api.asked("list"), "it is read again, once the call has ended")
		release()
	}, two)
	within(t, 80, 19, func(s *screen) {
		defer s.api.hold("update")()
		s.press("space", "space", "enter")
		s.shows("Under way      turning off; esc gives it up")
		s.press("esc")
		s.says("? gave up turning off monitor")
		s.shows("Webhook monitor")
		s.lacks("Under way")
	}, two)
}

func TestEditSendsTheDifferenceAndAll(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("e", "ctrl+s")
		s.says("? nothing changed: nothing is sent")
		assert.False(t, s.p.Captures())
		s.press("e", "!", "ctrl+s")
		s.shows("Change monitor", "→ monitor!")
		s.press("x")
		s.says("? enter sends it")
		s.press("esc")
		s.shows("Edit monitor")
		s.press("?", "ctrl+s", "enter")
		s.says("saved monitor!?")
		want := mine
		want.Name, want.UpdatedAt = "monitor!?", s.now()
		assert.Equal(t, want, s.api.get(mine.ID))
		s.shows("monitor!?")
	}, two)
}

func TestEditAsksAgainWhereSomebodyElseEdited(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("e", "!", "ctrl+s")
		s.api.change(mine.ID, func(w *client.Webhook) { w.Active, w.Secret = false, "rotated" })
		s.press("enter")
		s.says("? monitor was changed meanwhile: nothing was sent")
		s.shows("Somebody changed it", "→ off", "→ changed", "→ monitor!")
		assert.Equal(t, 0, s.api.asked("update"))
		s.press("enter")
		s.says("saved monitor!")
		now := s.api.get(mine.ID)
		assert.Equal(t, "monitor!", now.Name)
		assert.False(t, now.Active)
		assert.Equal(t, client.Secret("rotated"), now.Secret)

		s.press("e", "?", "ctrl+s")
		s.api.change(mine.ID, func(w *client.Webhook) { w.Name = "monitor!?" })
		s.press("enter")
		s.says("? somebody made the same change meanwhile: nothing is sent")
		assert.Equal(t, 1, s.api.asked("update"))
	}, two)
}

func TestWhatCannotBeShownSurvivesAnEdit(t *testing.T) {
	odd := mine
	odd.Name, odd.URL = "m\u202eon\titor", "https://hooks.example.com/\u200breceive"
	within(t, 80, 19, func(s *screen) {
		s.press("e", "tab", "tab", "space", "ctrl+s", "enter")
		s.says(`saved m\u202eon\titor`)
		now := s.api.get(odd.ID)
		assert.Equal(t, odd.Name, now.Name)
		assert.Equal(t, odd.URL, now.URL)
		assert.Equal(t, []string{"order.status"}, now.Events)
		s.press("d")
		s.paste(`m\u202eon\titor`)
		s.press("enter")
		s.says("deleted")
	}, func(s *screen, _ *webhooks.Options) { s.api.having(odd) })
}

func TestDeleteWantsTheName(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("d", "enter")
		s.shows("type its name")
		s.press("m", "enter")
		s.shows("that is not its name")
		s.press("esc")
		s.shows("staging")
		assert.Equal(t, 0, s.api.asked("delete"))
		s.press("u")
		s.says("? nothing to undo: no webhook was deleted")
		s.press("d")
		s.paste("monitor\n")
		s.press("enter")
		s.says("deleted monitor; u creates it again")
		s.press("d", "staging orders", "enter", "u")
		s.says("created staging orders again")
		s.press("u")
		s.says("created monitor again")
		s.press("u")
		s.says("? nothing left to undo")
	}, two)
}

func TestAnUndoThatWasGivenUpIsNotLost(t *testing.T) {
	for name, done := range map[string]bool{"UP42 has not done it": false, "UP42 has done it": true} {
		t.Run(name, func(t *testing.T) {
			within(t, 80, 19, func(s *screen) {
				s.press("d", "monitor", "enter")
				s.says("deleted monitor; u creates it again")
				release := s.api.hold("create")
				s.press("u")
				s.shows("creating monitor")
				s.press("u")
				s.says("? creating monitor is under way")
				if done {
					s.api.having(append(s.api.webhooks, client.Webhook{ID: "new", Name: mine.Name, URL: mine.URL, Events: mine.Events, Secret: mine.Secret})...)
				}
				s.press("esc")
				release()
				s.settle()
				s.press("u")
				if done {
					s.says("? nothing left to undo")
					return
				}
				s.says("created monitor again")
				assert.Equal(t, mine.Secret, s.api.webhooks[len(s.api.webhooks)-1].Secret)
			}, two)
		})
	}
}

func TestUndoThatFailsCanBeTriedAgain(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("d", "monitor", "enter")
		s.api.fail["create"] = &client.Error{Call: "create the webhook", Status: 503, Message: "down"}
		s.press("u")
		s.says("! could not create monitor: ")
		delete(s.api.fail, "create")
		s.press("u")
		s.says("created monitor again")
	}, two)
}

func TestADeleteThatWasGivenUpButDoneCanBeUndone(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("delete")
		s.press("d", "monitor", "enter")
		s.shows("deleting…")
		s.press("x")
		s.says("? it is being deleted; esc gives up")
		s.api.remove(mine.ID)
		s.press("esc")
		s.says("? gave up deleting monitor", "UP42 has deleted monitor after all; u creates it again")
		release()
		s.press("esc", "u")
		s.says("created monitor again")
	}, two)
}

func TestCreateIsNotSentTwice(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("create")
		s.press("c", "ctrl+s")
		s.shows("creating… esc gives up")
		s.press("ctrl+s", "x")
		s.says("? it is being sent; esc gives up")
		assert.Equal(t, 1, s.api.asked("create"))
		s.press("esc")
		s.says("? gave up creating up42hooks; UP42 may have done it")
		s.shows("New webhook")
		s.press("esc")
		release()
		s.settle()
		assert.Equal(t, 2, s.api.asked("list"))
	})
}

func TestDuplicate(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("D", "ctrl+s")
		s.says("created monitor copy")
		copied := s.api.webhooks[2]
		assert.Equal(t, mine.URL, copied.URL)
		assert.False(t, copied.Active, "all would come twice")
		assert.Equal(t, mine.Events, copied.Events)
		assert.NotEqual(t, mine.Secret, copied.Secret)
		s.shows("▌ monitor copy")
	}, two)
}

func TestSecretsShowOnlyWhenAskedAndNotForLong(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("v")
		s.shows("the-first-secret", "hidden again in 10s")
		s.advance(9 * time.Second)
		s.shows("the-first-secret", "hidden again in 1s")
		s.advance(time.Second)
		s.lacks("the-first-secret")
		s.press("v", "1")
		s.lacks("the-first-secret")
		s.press("v", "esc")
		s.lacks("the-first-secret")
		s.press("Y")
		s.says("copied the secret of monitor")
		s.press("y")
		s.says("copied " + mine.ID)
		assert.Equal(t, []string{"the-first-secret", mine.ID}, s.copied)
		s.p.End()
		s.press("v")
		s.says("? staging orders has no secret")
		s.press("Y")
		s.says("? nothing to copy: staging orders has no secret")
	}, two)
	within(t, 80, 19, func(s *screen) {
		s.press("y")
		s.says("? nothing to copy to")
	}, two, func(_ *screen, o *webhooks.Options) { o.Copy = nil })
	within(t, 80, 19, func(s *screen) {
		s.press("Y")
		s.says("! could not copy: no terminal")
	}, two, func(_ *screen, o *webhooks.Options) { o.Copy = func(string) error { return errors.New("no terminal") } })
}

func TestRoundTrip(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("test")
		s.press("t")
		s.shows("asking UP42", "◐ sent → ○ arrived")
		s.press("t")
		s.says("? testing monitor is under way")
		s.press("P")
		s.says("? headers are pinned after a test")
		release()
		s.settle()
		s.shows("It works: 2 of 2", "P pins this list")
		s.press("P")
		s.says("? P again pins date, digest: any other signature is refused")
		assert.Empty(t, s.pinned)
		s.press("P")
		s.says("pinned in config.yaml")
		assert.Equal(t, []string{"date", "digest"}, s.pinned)
		s.shows("that list is pinned", "pinned in config.yaml. To undo it, take components out")
		s.press("P")
		s.says("? a list is pinned already: date, digest")
		s.press("esc")
		s.advance(12 * time.Second)
		s.shows("✓ 2/2 12s")
	}, two)
}

func TestRoundTripWithoutAPin(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("t")
		s.lacks("P pins")
		s.press("P")
		s.says("? headers can't be pinned here")
	}, two, func(_ *screen, o *webhooks.Options) { o.Pin = nil })
	within(t, 80, 19, func(s *screen) {
		s.press("t", "P", "P")
		s.says("! could not pin: read-only")
	}, two, func(_ *screen, o *webhooks.Options) {
		o.Pin = func([]string) (string, error) { return "", errors.New("read-only") }
	})
}

func TestRoundTripThatIsGivenUp(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("test")
		s.press("t", "esc")
		s.says("gave up testing monitor")
		s.shows("The test was given up")
		release()
		s.press("t")
		s.shows("It works")
		s.press("esc")
		s.shows("staging")
	}, two)
}

func TestRoundTripThatDoesNotArrive(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.api.deliver = func(e *receiver.Event) bool {
			e.MessageID, e.Raw = "another", nil
			return e.Name == "job.status"
		}
		s.press("t")
		s.shows("◐ arrived", "waiting for what UP42 sent")
		s.advance(20 * time.Second)
		s.says("! monitor: 0 of 2")
		s.shows("✓ sent → ✕ arrived")
		s.press("esc")
		s.shows("✕ 0/2 5s")
	}, two)
}

func TestSeen(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.p.Saw(mine.ID, s.now().Add(-40*time.Second))
		s.p.Saw(mine.ID, s.now().Add(-4*time.Minute))
		s.p.Saw("", s.now())
		s.shows("40s")
		s.press("enter")
		s.shows("Last delivery  2026-03-14 11:59:20 UTC, 40s ago")
	}, two)
}

func TestFilterAndSort(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.run(s.p.SetFilter("staging"))
		s.settle()
		s.lacks("monitor")
		s.run(s.p.SetFilter("nothing like it"))
		s.settle()
		s.shows("Nothing matches the filter")
		s.run(s.p.SetFilter(""))
		for _, want := range []string{"newest", "changed last", "on first", "name"} {
			s.run(s.p.NextOrder())
			s.settle()
			assert.Equal(t, want, s.p.OrderName())
			s.view()
		}
	}, two)
}
