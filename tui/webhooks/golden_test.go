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
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

// alike adds webhooks with names and URLs that differ only at their ends.
func alike(s *pagetest.Screen, _ *webhooks.Options) {
	for i, end := range []string{"north", "south"} {
		w := pagetest.Other
		w.ID += fmt.Sprint(i)
		w.Name, w.URL = "tasking orders of the region "+end, "https://collector.example.com/up42/hooks/"+end
		s.UP42.All = append(s.UP42.All, w)
	}
	s.UP42.All = append(s.UP42.All, pagetest.Mine)
}

func ascii(_ *pagetest.Screen, o *webhooks.Options) {
	o.Theme = theme.New(theme.Options{Profile: termenv.Ascii, Name: theme.Dark, ASCII: true})
}

func TestScreens(t *testing.T) {
	refused := func(s *pagetest.Screen, _ *webhooks.Options) {
		s.UP42.Fail["list"] = &client.Error{Call: "list the webhooks", Status: 403, Message: "not your workspace"}
	}
	type change = []func(*pagetest.Screen, *webhooks.Options)
	for _, tc := range []struct {
		name   string
		change change
		keys   []string
		then   func(*pagetest.Screen)
	}{
		{name: "list", change: change{pagetest.Two}, then: func(s *pagetest.Screen) { s.Page.Saw(pagetest.Mine.ID, s.Now().Add(-12*time.Second)) }},
		{name: "list-ascii", change: change{pagetest.Two, ascii}, keys: []string{"t", "esc"}},
		{name: "list-tested", change: change{pagetest.Two}, keys: []string{"t", "esc"}, then: func(s *pagetest.Screen) { s.Advance(12 * time.Second) }},
		{name: "no-credentials", change: change{pagetest.NoCredentials}},
		{name: "empty"},
		{name: "failed", change: change{refused}},
		{name: "old", change: change{pagetest.Two}, then: func(s *pagetest.Screen) {
			s.UP42.Fail["list"] = pagetest.Unreachable(syscall.ECONNREFUSED)
			s.Advance(time.Minute)
			s.Press("r")
		}},
		{name: "details", change: change{pagetest.Two}, keys: []string{"t", "esc", "enter"}},
		{name: "details-unsigned", change: change{pagetest.Two}, keys: []string{"enter"}, then: func(s *pagetest.Screen) { s.Press("esc"); s.Page.End(); s.Press("enter") }},
		{name: "reveal", change: change{pagetest.Two}, keys: []string{"v"}},
		{name: "names", change: change{alike}},
		{name: "refused", change: change{pagetest.WrongPassword}},
		{name: "not-sent", change: change{pagetest.Two}, then: func(s *pagetest.Screen) {
			s.UP42.Fail["test"] = pagetest.Unreachable(syscall.ECONNREFUSED)
			s.Press("t", "esc")
		}},
		{name: "undelivered", change: change{pagetest.Two}, then: func(s *pagetest.Screen) {
			s.UP42.Undelivered = "Test request failed: connection refused"
			s.Press("t")
			s.Advance(6 * time.Second)
		}},
		{name: "pinned", change: change{pagetest.Two}, keys: []string{"t", "H", "H", "end"}},
		{name: "form", change: change{pagetest.Two}, keys: []string{"c"}},
		{name: "form-ascii", change: change{pagetest.Two, ascii}, keys: []string{"c", "enter", "enter"}},
		{name: "form-events", change: change{pagetest.Two}, keys: []string{"c", "tab", "tab", "space", "down", "space", "enter"}},
		{name: "form-forty", change: change{pagetest.Two, pagetest.Forty}, keys: []string{"c", "tab", "tab", "down", "down", "down", "down", "down", "down", "space"}},
		{name: "form-hidden", change: change{pagetest.Two, pagetest.Hidden}, keys: []string{"e", "!", "ctrl+s"}},
		{name: "form-secret", change: change{pagetest.Two}, keys: []string{"e", "tab", "tab", "tab", "tab", "right", "right", "enter", "abc"}},
		{name: "review", change: change{pagetest.Two}, keys: []string{"e", " here", "enter", "enter", "space", "enter", "n", "enter", "right", "enter"}},
		{name: "conflict", change: change{pagetest.Two}, keys: []string{"e", "!", "ctrl+s"}, then: func(s *pagetest.Screen) {
			s.UP42.Change(pagetest.Mine.ID, func(w *client.Webhook) { w.Active = false; w.URL = "https://elsewhere.example.com/" })
			s.Press("enter")
		}},
		{name: "remove", change: change{pagetest.Two}, keys: []string{"d", "monitors", "enter"}},
		{name: "tested", change: change{pagetest.Two}, keys: []string{"t"}},
		{name: "testing", change: change{pagetest.Two}, then: func(s *pagetest.Screen) {
			release := s.UP42.Hold("test")
			s.Press("t")
			s.Advance(3 * time.Second)
			s.T.Cleanup(release)
		}},
		{name: "test-failed", change: change{pagetest.Two}, then: func(s *pagetest.Screen) {
			s.UP42.Deliver = func(e *receiver.Event) {
				if e.Name == receiver.JobStatus {
					e.Secret, e.Verdict, e.Reason = "", receiver.Rejected, signature.SignatureMismatch
				}
			}
			s.Press("t")
			s.Advance(20 * time.Second)
		}},
	} {
		for _, size := range [][2]int{{60, 10}, {80, 19}, {120, 31}, {200, 55}} {
			name := fmt.Sprintf("%s-%dx%d", tc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				pagetest.Run(t, size[0], size[1], func(s *pagetest.Screen) {
					s.Press(tc.keys...)
					if tc.then != nil {
						tc.then(s)
					}
					s.Golden(name)
					if strings.Contains(name, "ascii") {
						v := strings.ReplaceAll(s.View(), "…", ">") // the frame replaces it, as it does in texts
						require.Equal(t, v, text.ASCII(v))
					}
					s.Press("esc", "esc", "esc")
				}, tc.change...)
			})
		}
	}
}
