package webhooks_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

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
