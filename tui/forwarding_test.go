package tui_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/undelivered"
)

const (
	hook   = "http://127.0.0.1:9000/hook"
	script = "exec /usr/local/bin/on-delivery"
)

// fakeForwarder forwards nothing: a test says what comes of it.
type fakeForwarder struct {
	mu       sync.Mutex
	targets  []forwarding.Target
	failures []receiver.Failure
	answer   error         // of forwarding
	broken   error         // of the list
	wait     chan struct{} // forwarding waits for it, unless it is nil
	calls    []string
	lists    int
}

var _ forwarding.Forwarder = (*fakeForwarder)(nil)

func (h *fakeForwarder) Targets() []forwarding.Target {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]forwarding.Target(nil), h.targets...)
}

func (h *fakeForwarder) Failures(context.Context) ([]receiver.Failure, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lists++
	return append([]receiver.Failure(nil), h.failures...), h.broken
}

func (h *fakeForwarder) Resend(ctx context.Context, seq int64, target string) error {
	if err := h.call(ctx, fmt.Sprintf("resend %d %s", seq, target)); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var left []receiver.Failure
	for _, f := range h.failures {
		if f.Seq != seq || target != "" && f.Reader != target {
			left = append(left, f)
		}
	}
	h.failures = left
	return nil
}

func (h *fakeForwarder) SendTo(ctx context.Context, seq int64, url string) error {
	return h.call(ctx, fmt.Sprintf("send %d %s", seq, url))
}

func (h *fakeForwarder) call(ctx context.Context, what string) error {
	h.mu.Lock()
	h.calls = append(h.calls, what)
	wait, answer := h.wait, h.answer
	h.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return answer
}

func (h *fakeForwarder) change(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f()
}

func (h *fakeForwarder) called() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.calls...)
}

// well has two targets that accept everything.
func well() *fakeForwarder {
	return &fakeForwarder{targets: []forwarding.Target{
		{Name: hook, Sent: 214, LastSent: noon.Add(-12 * time.Second)},
		{Name: script, Sent: 213, LastSent: noon.Add(-12 * time.Second), Lag: 1},
	}}
}

// given has two targets. One is down and gave up three events.
func given() *fakeForwarder {
	h := well()
	h.targets[0].Failing, h.targets[0].Err, h.targets[0].Lag, h.targets[0].GivenUp = noon.Add(-2*time.Minute), "connection refused", 37, 3
	h.failures = []receiver.Failure{
		{Reader: hook, Seq: 3, At: noon.Add(-90 * time.Second), Tries: 5801, Reason: "dial tcp 127.0.0.1:9000: connect: connection refused"},
		{Reader: hook, Seq: 9, At: noon.Add(-time.Minute), Tries: 4, Reason: "answered 500\x1b[2J"},
		{Reader: script, Seq: 9, At: noon.Add(-30 * time.Second), Tries: 2, Reason: "exit status 1"},
		{Reader: hook, Seq: 900, At: noon.Add(-30 * time.Second), Tries: 1, Reason: "an event that retention took"},
	}
	return h
}

func forwards(h *fakeForwarder) func(*tui.Options) {
	return func(o *tui.Options) { o.Forwarder = h }
}

func TestForwardingScreens(t *testing.T) {
	for _, tc := range []struct {
		name      string
		forwarder func() *fakeForwarder
		keys      []string
		wait      bool
	}{
		{name: "targets-well", forwarder: well},
		{name: "targets-failing", forwarder: given},
		{name: "undelivered", forwarder: given, keys: []string{"5", "down"}},
		{name: "undelivered-none", forwarder: well, keys: []string{"5"}},
		{name: "undelivered-filter", forwarder: given, keys: []string{"5", "/"}},
		{name: "undelivered-no-match", forwarder: given, keys: []string{"5", "/", "nothing like it", "enter"}},
		{name: "undelivered-paused", forwarder: given, keys: []string{"5", "p"}},
		{name: "undelivered-help", forwarder: given, keys: []string{"5", "?"}},
		{name: "undelivered-palette", forwarder: given, keys: []string{"5", ":", "forward"}},
		{name: "undelivered-details", forwarder: given, keys: []string{"5", "enter"}},
		{name: "forward", forwarder: well, keys: []string{"3", "f"}, wait: true},
		{name: "forward-to", forwarder: well, keys: []string{"3", "F"}},
		{name: "forward-to-refused", forwarder: well, keys: []string{"3", "F", "esc", "http://example.com", "enter"}},
	} {
		for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d", tc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				h := tc.forwarder()
				within(t, size[0], size[1], aDay, func(s *screen) {
					if tc.wait {
						h.wait = make(chan struct{}) // in here, where time waits for it
					}
					s.Press(tc.keys...)
					s.Golden(name)
				}, forwards(h))
			})
		}
	}
	h := given()
	within(t, 60, 15, aDay, func(s *screen) {
		s.Press("5")
		s.Golden("undelivered-smallest")
	}, forwards(h))
}

func TestTheScreenSaysHowManyUndeliveredEventsItDoesNotList(t *testing.T) {
	h := well()
	for seq := range int64(undelivered.MaxRows + 1_234) {
		h.failures = append(h.failures, receiver.Failure{Reader: hook, Seq: 1_000 + seq, At: noon, Tries: 1, Reason: "answered 422"})
	}
	within(t, 132, 30, aDay, func(s *screen) {
		s.Press("5")
		s.Shows("5 Undelivered 3,234", "1,234 more: older ones are not listed", "1/2,000")
		h.change(func() { h.failures = h.failures[1_234:] })
		s.advance(time.Minute)
		s.Shows("5 Undelivered 2,000")
		s.Lacks("not listed")
	}, forwards(h))
}

func TestForwardingAnEventAgain(t *testing.T) {
	h := well()
	within(t, 120, 30, aDay, func(s *screen) {
		wait := make(chan struct{})
		h.wait = wait
		s.Press("3", "f")
		s.Shows("forwarding event 24 to 2 targets…", "─ forwarding event 24… ─")
		s.Press("f")
		s.Shows("event 24 is already being forwarded")
		s.Press("down", "f")
		s.Shows("─ forwarding 2 events… ─")
		close(wait)
		s.advance(time.Millisecond)
		s.Shows("was forwarded to 2 targets")
		s.Lacks("handing on")
		assert.ElementsMatch(t, []string{"resend 24 ", "resend 23 "}, h.called())

		h.change(func() { h.answer = errors.New("answered 500\x1b[2J") })
		s.Press("enter", "f")
		s.Shows("Event 23", `✕ event 23 could not be forwarded to 2 targets: answered 500\u001b[2J`)
		s.advance(5 * time.Minute)
		s.Shows("could not be forwarded") // until a key
		h.change(func() { h.wait = make(chan struct{}) })
		s.Press("f")
		s.advance(2 * time.Minute)
		s.Shows("event 23 was not accepted in time by 2 targets")
	}, forwards(h))
}

func TestTheErrorsOfSeveralTargetsAreOneLine(t *testing.T) {
	h := well()
	h.answer = errors.Join(errors.New("a: refused"), errors.New("b: timed out"))
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "f")
		s.Shows("could not be forwarded to 2 targets: a: refused; b: timed out")
	}, forwards(h))
}

func TestWhatIsNotForwardedSaysWhy(t *testing.T) {
	h := well()
	rejectedOne := []string{"3", "down", "down", "down", "down", "f"}
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press(rejectedOne...)
		s.Shows("a rejected delivery is never forwarded")
		s.Press("F")
		s.Shows("a rejected delivery is never forwarded")
		s.Press("enter", "f")
		s.Shows("a rejected delivery is never forwarded")
		s.Press("esc", "1", "f")
		s.Shows("f forwards a single event: 3 lists them")
		s.Press("enter", "F")
		s.Shows("F forwards a single event: 3 lists them")
		s.Press("4", "f")
		s.Shows("f forwards a single event")
		s.Press("3", "/", "nothing like it", "enter", "f")
		s.Shows("no event is selected")
		assert.Empty(t, h.called())
	}, forwards(h))
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "f")
		s.Shows("start up42hooks with --forward-to URL")
		s.Press("5")
		s.Shows("5 lists events that could not be forwarded", "--forward-to URL", "VERDICT")
		s.Press("tab", "tab")
		s.Shows("Running")
		s.Lacks("5 Undelivered", "targets")
	})
	none := &fakeForwarder{}
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "f")
		s.Shows("no target is configured: start up42hooks with --forward-to URL; F sends it to a URL once")
		s.Press("5")
		s.Lacks("5 Undelivered")
		s.Press("F")
		s.Paste("example.com/x")
		s.Press("enter")
		s.Shows("event 24 was forwarded to https://example.com/… ")
	}, forwards(none))
}

func TestForwardingAnEventToAURL(t *testing.T) {
	h := well()
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "enter", "F")
		s.Shows(" send event 24 to https://_")
		for value, why := range map[string]string{
			"https://":                   "want a URL like https://example.com/hook",
			"example.com":                "want a URL like https://example.com/hook",
			"ftp://example.com":          "want https, or http for this machine",
			"http://example.com":         "want https, as it leaves this machine",
			"http://127.0.0.1.evil.org/": "want https, as it leaves this machine",
			"https://me:secret@e.org":    "no password here: the screen would show it",
		} {
			s.Press("esc")
			s.Paste(value)
			s.Press("enter")
			s.Shows(why, "↓")
		}
		s.Press("esc", "enter")
		s.Shows("want a URL like https://example.com/hook", "↓")
		assert.Empty(t, h.called())
		s.Paste("https://hooks.example.com/a?token=abc")
		s.Press("enter")
		s.Shows("event 24 was forwarded to https://hooks.example.com/… ")
		s.Press("right", "F")
		s.Shows(" send event 23 to https://hooks.example.com/…_")
		s.Press("enter", "F") // what is proposed is the whole URL
		s.Press("esc")
		s.Paste("http://[::1]:80/")
		s.Press("enter", "F")
		s.Shows(" send event 23 to http://[::1]:80/_")
		s.Paste("https://example.com/")
		s.Shows(" send event 23 to https://example.com/_")
		s.Press("esc", "esc", "F", "h", "t")
		s.Shows(" send event 23 to ht_") // in the place of what was proposed
		s.Press("esc", "esc", "F", "backspace", "x")
		s.Shows(" send event 23 to http://[::1]:80x_") // what was changed is kept
		s.Press("esc", "esc")
		s.Lacks("send event")
		assert.Equal(t, []string{"send 24 https://hooks.example.com/a?token=abc", "send 23 https://hooks.example.com/a?token=abc", "send 23 http://[::1]:80/"}, h.called())
	}, forwards(h))
}

// A prompt whose text leads to an error stays open with it, and says why and what to do. So what is
// typed again does not act on the page.
func TestAPromptWithAnErrorStaysOpen(t *testing.T) {
	h := well()
	within(t, 80, 24, aDay, func(s *screen) {
		h.wait, h.answer = make(chan struct{}), errors.New("it answered 500 Internal Server Error")
		s.Press("3", "F")
		s.Paste("https://hooks.example.com/a")
		s.Press("enter", "1", "x")
		s.Shows(" send event 24 to https://hooks.example.com/a_", "esc leave", "forwarding event 24…")
		close(h.wait)
		s.advance(time.Millisecond)
		s.ShowsWords("✕ not sent: it answered 500 Internal Server Error; correct the URL, or enter tries again")
		s.Golden("forward-to-failed-80x24")
		s.Press("b", "1")
		s.Shows(" send event 24 to https://hooks.example.com/ab1_", "VERDICT")
		s.Lacks("not sent")
		h.change(func() { h.wait, h.answer = nil, fmt.Errorf("send: %w", http.ErrSchemeMismatch) })
		s.Press("enter")
		s.ShowsWords("no TLS there: begin with http://")
		h.change(func() {
			h.answer = fmt.Errorf("send: %w", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"})
		})
		s.Press("enter")
		s.ShowsWords("no TLS there: begin with http://")
		h.change(func() { h.answer = errors.New(strings.Repeat("a long reason\x1b[2J ", 30)) })
		s.Press("enter")
		s.ShowsWords("…; correct the URL, or enter tries again")
		h.change(func() { h.answer = nil })
		s.Press("enter")
		s.Shows("event 24 was forwarded to https://hooks.example.com")
		s.Lacks("send event")

		h.change(func() { h.wait, h.answer = make(chan struct{}), errors.New("it answered 404 Not Found") })
		s.Press("F", "enter", "esc", "2")
		s.Shows("JOURNEY")
		close(h.wait)
		s.advance(time.Millisecond)
		s.Shows("event 24 could not be forwarded to https://hooks.example.com") // a note, as the prompt is gone
	}, forwards(h))
}

func TestWhatWasGivenUpIsListedUntilItIsTaken(t *testing.T) {
	h := given()
	within(t, 160, 30, aDay, func(s *screen) {
		s.Shows("5 Undelivered 4", "→ 1 of 2 targets fails", "forwards to "+hook+": failing for 2m, 37 behind: connection refused")
		s.Press("5", "v", "down")
		s.Shows("▌ exec /usr", "exit status 1", `answered 500\u001b[2J`, "✕ FAILED_PERMANENTLY", "2/4")
		s.Press("f")
		s.Shows("event 9 was forwarded to "+script, "5 Undelivered 3", "▌ "+hook, `answered 500`)
		s.Press("enter")
		s.Shows("Event 9")
		s.Press("f", "esc")
		s.Shows("5 Undelivered 2", "event that retention took")
		s.Press("home", "down", "enter", "left", "f", "f")
		s.Shows("it is no longer on this list; 3 lists it, and f forwards it to all targets there", "5 Undelivered 1")
		assert.Equal(t, []string{"resend 9 " + script, "resend 9 " + hook, "resend 3 " + hook}, h.called())
		s.Press("esc")
		s.Press("F", "esc", "https://example.com", "enter")
		s.Shows("5 Undelivered 1", "event 900 was forwarded to https://example.com")
		s.Press("/", "webhook:a", "enter")
		s.Shows("webhook can't be asked for here")
	}, forwards(h))
}

func TestTheListFollowsWhatIsGivenUp(t *testing.T) {
	h := well()
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("5")
		s.Shows("No event was given up", "→ "+hook+": 214 sent, last 12s ago", "1 behind")
		h.change(func() {
			h.targets[0].GivenUp = 1
			h.failures = []receiver.Failure{{Reader: hook, Seq: 24, At: noon, Tries: 9, Reason: "answered 500"}}
		})
		s.advance(time.Second)
		s.Shows("5 Undelivered 1", "answered 500")
		s.Press("p")
		h.change(func() { h.failures = nil }) // another process sent it
		s.advance(6 * time.Second)
		s.Shows("5 Undelivered 0", "answered 500")
		s.Press("p")
		s.Shows("No event was given up")
		h.change(func() { h.broken = errors.New("disk I/O error") })
		s.advance(6 * time.Second)
		s.Shows("can't read the undelivered events, trying again: disk I/O error")
		h.change(func() { h.broken = nil })
		s.advance(6 * time.Second)
		s.Lacks("can't read")
		s.Press("2")
		lists := h.lists
		s.advance(time.Minute)
		assert.LessOrEqual(t, h.lists-lists, 3, "it is read seldom while nobody looks")
	}, forwards(h))
}

// The reason why a target fails is shown whole on a small screen, too, and the page of undelivered
// events has those of all targets.
func TestWhyTargetsFail(t *testing.T) {
	const why, other = "it answered 500 Internal Server Error", "connect: the server at 127.0.0.1 port 5432 does not accept the user up42: its certificate has expired"
	h := &fakeForwarder{targets: []forwarding.Target{
		{Name: hook, Failing: noon.Add(-time.Minute), Lag: 12_345, Err: why},
		{Name: "postgres://127.0.0.1/events?table=up42_webhooks", Failing: noon.Add(-time.Hour), Err: other},
	}}
	within(t, 80, 24, aDay, func(s *screen) {
		words := func() string { return strings.Join(strings.Fields(s.View()), " ") }
		assert.Contains(t, words(), other)
		assert.NotContains(t, words(), why, "it says how many fail")
		s.Press("5")
		assert.Contains(t, words(), "failing for 1m, 12,345 behind: "+why+"; ")
		assert.Contains(t, words(), other)
		s.Golden("targets-failing-all-80x24")
		h.change(func() { h.targets = h.targets[:1] })
		s.advance(time.Second)
		s.Press("2")
		assert.Contains(t, words(), why)
	}, forwards(h))
}

func TestTheStateOfTargets(t *testing.T) {
	for name, tc := range map[string]struct {
		targets []forwarding.Target
		want    []string
	}{
		"well":       {[]forwarding.Target{{Name: "a"}}, []string{"→ 1 target "}},
		"behind":     {[]forwarding.Target{{Name: "a", Lag: 1234}}, []string{"→ 1 target, 1,234 behind"}},
		"elsewhere":  {[]forwarding.Target{{Name: "a", Elsewhere: true}, {Name: "b", Elsewhere: true}}, []string{"→ 2 targets elsewhere"}},
		"failing":    {[]forwarding.Target{{Name: "a\x1b[2J", Failing: noon.Add(-time.Hour), Err: "refused\x07"}}, []string{"→ 1 target fails", `→ forwards to a\u001b[2J: failing for 1h: refused\u0007 `}},
		"both":       {[]forwarding.Target{{Name: "a", Failing: noon, Lag: 1}, {Name: "b", Failing: noon.Add(-time.Minute), Lag: 2}}, []string{"→ 2 targets fail", "2 targets fail; b: failing for 1m, 2 behind "}},
		"unpleasant": {[]forwarding.Target{{Name: hook, Failing: noon, Lag: 37, Err: fmt.Sprintf("%0900d", 0)}}, []string{"forwards to " + hook, "37 behind: ", "0… "}},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 130, 20, aDay, func(s *screen) { s.Shows(tc.want...) }, forwards(&fakeForwarder{targets: tc.targets}))
		})
	}
}
