package webhooks_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

func two(s *screen, _ *webhooks.Options) { s.api.having(mine, other) }

// alike adds webhooks with names and URLs that differ only at their ends.
func alike(s *screen, _ *webhooks.Options) {
	for i, end := range []string{"north", "south"} {
		w := other
		w.ID += fmt.Sprint(i)
		w.Name, w.URL = "tasking orders of the region "+end, "https://collector.example.com/up42/hooks/"+end
		s.api.webhooks = append(s.api.webhooks, w)
	}
	s.api.webhooks = append(s.api.webhooks, mine)
}

// locked makes UP42 refuse the password.
func locked(s *screen, _ *webhooks.Options) {
	s.api.fail["list"] = &client.Error{Call: "sign in", Status: 401, Message: "Invalid user credentials"}
}

func ascii(_ *screen, o *webhooks.Options) {
	o.Theme = theme.New(theme.Options{Profile: termenv.Ascii, Dark: true, ASCII: true})
}

func none(_ *screen, o *webhooks.Options) { o.API = nil }

func TestScreens(t *testing.T) {
	refused := func(s *screen, _ *webhooks.Options) {
		s.api.fail["list"] = &client.Error{Call: "list the webhooks", Status: 403, Message: "not your workspace"}
	}
	type change = []func(*screen, *webhooks.Options)
	for _, tc := range []struct {
		name   string
		change change
		keys   []string
		then   func(*screen)
	}{
		{name: "list", change: change{two}, then: func(s *screen) { s.p.Saw(mine.ID, s.now().Add(-12*time.Second)) }},
		{name: "list-ascii", change: change{two, ascii}, keys: []string{"t", "esc"}},
		{name: "list-tested", change: change{two}, keys: []string{"t", "esc"}, then: func(s *screen) { s.advance(12 * time.Second) }},
		{name: "no-credentials", change: change{none}},
		{name: "empty"},
		{name: "failed", change: change{refused}},
		{name: "old", change: change{two}, then: func(s *screen) {
			s.api.fail["list"] = unreachable(syscall.ECONNREFUSED)
			s.advance(time.Minute)
			s.press("r")
		}},
		{name: "details", change: change{two}, keys: []string{"t", "esc", "enter"}},
		{name: "details-unsigned", change: change{two}, keys: []string{"enter"}, then: func(s *screen) { s.press("esc"); s.p.End(); s.press("enter") }},
		{name: "reveal", change: change{two}, keys: []string{"v"}},
		{name: "names", change: change{alike}},
		{name: "refused", change: change{locked}},
		{name: "not-sent", change: change{two}, then: func(s *screen) {
			s.api.fail["test"] = unreachable(syscall.ECONNREFUSED)
			s.press("t", "esc")
		}},
		{name: "undelivered", change: change{two}, then: func(s *screen) {
			s.api.undelivered = "Test request failed: connection refused"
			s.press("t")
			s.advance(4 * time.Second)
		}},
		{name: "pinned", change: change{two}, keys: []string{"t", "P", "P", "end"}},
		{name: "form", change: change{two}, keys: []string{"c"}},
		{name: "form-ascii", change: change{two, ascii}, keys: []string{"c", "enter", "enter"}},
		{name: "form-events", change: change{two}, keys: []string{"c", "tab", "tab", "space", "down", "space", "enter"}},
		{name: "form-secret", change: change{two}, keys: []string{"e", "tab", "tab", "tab", "tab", "right", "right", "enter", "abc"}},
		{name: "review", change: change{two}, keys: []string{"e", " here", "enter", "enter", "space", "enter", "n", "enter", "right", "enter"}},
		{name: "conflict", change: change{two}, keys: []string{"e", "!", "ctrl+s"}, then: func(s *screen) {
			s.api.change(mine.ID, func(w *client.Webhook) { w.Active = false; w.URL = "https://elsewhere.example.com/" })
			s.press("enter")
		}},
		{name: "remove", change: change{two}, keys: []string{"d", "monitors", "enter"}},
		{name: "tested", change: change{two}, keys: []string{"t"}},
		{name: "testing", change: change{two}, then: func(s *screen) {
			release := s.api.hold("test")
			s.press("t")
			s.advance(3 * time.Second)
			s.t.Cleanup(release)
		}},
		{name: "test-failed", change: change{two}, then: func(s *screen) {
			s.api.deliver = func(e *receiver.Event) {
				if e.Name == receiver.JobStatus {
					e.Secret, e.Verdict, e.Reason = "", receiver.Rejected, signature.SignatureMismatch
				}
			}
			s.press("t")
			s.advance(20 * time.Second)
		}},
	} {
		for _, size := range [][2]int{{60, 10}, {80, 19}, {200, 55}} {
			name := fmt.Sprintf("%s-%dx%d", tc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				within(t, size[0], size[1], func(s *screen) {
					s.press(tc.keys...)
					if tc.then != nil {
						tc.then(s)
					}
					s.golden(name)
					if strings.Contains(name, "ascii") {
						v := strings.ReplaceAll(s.view(), "…", ">") // the frame replaces it, as it does in texts
						require.Equal(t, v, text.ASCII(v))
					}
					s.press("esc", "esc", "esc")
				}, tc.change...)
			})
		}
	}
}

func TestEveryPanelFitsAnySize(t *testing.T) {
	for name, keys := range map[string][]string{
		"list": nil, "details": {"enter"}, "form": {"c"}, "own secret": {"c", "tab", "tab", "tab", "tab", "right", "enter"},
		"review": {"e", "x", "ctrl+s"}, "remove": {"d"}, "test": {"t"}, "reveal": {"v"},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 80, 19, func(s *screen) {
				s.press(keys...)
				for w := 0; w < 120; w += 7 {
					for h := 0; h < 30; h++ {
						s.p.SetSize(w, h)
						if s.w, s.h = w, h; w > 0 && h > 0 {
							s.view()
						}
					}
				}
				s.p.SetSize(80, 19)
				s.w, s.h = 80, 19
				s.press("esc", "esc", "esc")
			}, two)
		})
	}
}
