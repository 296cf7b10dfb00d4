package webhooks_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// look lets time pass while the page is drawn.
func (s *screen) look(d time.Duration) {
	s.t.Helper()
	for ; d > 0; d -= time.Second {
		s.view()
		s.advance(time.Second)
	}
}

func TestOldListIsReadAgainWhileTheUserLooks(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.look(59 * time.Second)
		s.shows("read 59s ago")
		assert.Equal(t, 1, s.api.asked("list"))
		s.api.change(mine.ID, func(w *client.Webhook) { w.Name = "renamed" })
		s.look(time.Second)
		assert.Equal(t, 2, s.api.asked("list"))
		s.shows("renamed", "read 0s ago")
		s.look(3 * time.Minute)
		assert.Equal(t, 5, s.api.asked("list"))
		assert.Empty(t, s.notes)
	}, two)
}

func TestListGetsOldWhileNobodyLooks(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.view()
		s.advance(time.Hour)
		assert.Equal(t, 1, s.api.asked("list"))
		s.look(time.Second)
		assert.Equal(t, 2, s.api.asked("list"), "it is looked at again")
	}, two)
	within(t, 80, 19, func(s *screen) {
		s.look(2 * time.Minute)
		assert.Empty(t, s.api.calls)
		s.lacks("read ")
	}, none)
}

func TestNoRefreshWhileTheUserIsBusy(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.look(5 * time.Minute)
		assert.Equal(t, 1, s.api.asked("list"), "a form is open")
		s.press("esc")
		release := s.api.hold("test")
		s.press("t")
		s.look(80 * time.Second)
		assert.Equal(t, 1, s.api.asked("list"), "a call is under way")
		release()
		s.settle()
		s.look(time.Second)
		assert.Equal(t, 2, s.api.asked("list"))
	}, two)
}

func TestBackgroundReadsAreQuiet(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.api.fail["list"] = unreachable(syscall.ECONNREFUSED)
		s.look(90 * time.Second)
		assert.Empty(t, s.notes)
		s.shows("monitor", "this is how it was 1m 30s ago: UP42 does not answer")
		assert.Equal(t, 2, s.api.asked("list"))
		delete(s.api.fail, "list")
		s.look(30 * time.Second)
		s.lacks("this is how it was")
		s.shows("read 0s ago")
	}, two)
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("list")
		s.look(61 * time.Second)
		require.Equal(t, 2, s.api.asked("list"))
		s.lacks("reading")
		assert.False(t, s.p.Back(), "esc is not for it")
		s.press("r")
		s.shows("reading the webhooks")
		s.api.fail["list"] = unreachable(syscall.ECONNREFUSED)
		release()
		s.settle()
	}, two)
}

func TestRefusedPasswordIsNotTriedAgain(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.look(5 * time.Minute)
		assert.Equal(t, 1, s.api.asked("list"))
		s.tells("correct UP42_USERNAME and UP42_PASSWORD and start up42hooks again")
		s.lacks("r tries again")
		s.press("r")
		assert.Equal(t, 2, s.api.asked("list"))
	}, two, locked)
	within(t, 80, 19, func(s *screen) {
		s.look(time.Minute)
		assert.Equal(t, 2, s.api.asked("list"), "a network comes back by itself")
	}, two, func(s *screen, _ *webhooks.Options) { s.api.fail["list"] = unreachable(syscall.ENETUNREACH) })
}
