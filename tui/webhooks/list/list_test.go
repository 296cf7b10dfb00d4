package list_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestListFollowsUP42(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		n, known := s.Page.Count()
		assert.Equal(t, 2, n)
		assert.True(t, known)
		require.Len(t, s.Listed, 1)
		assert.Equal(t, "the-first-secret", s.Listed[0][0].Secret.Reveal())
		assert.Equal(t, "monitor", s.Page.NameOf(pagetest.Mine.ID))
		assert.Empty(t, s.Page.NameOf("nobody"))

		s.UP42.Remove(pagetest.Mine.ID)
		s.UP42.Change(pagetest.Other.ID, func(w *client.Webhook) { w.Name = "renamed\x1b[31m\u202e" })
		s.Press("r")
		s.Lacks("monitor")
		s.Shows(`rename…m\u202e`)
		assert.Equal(t, "monitor", s.Page.NameOf(pagetest.Mine.ID), "its deliveries are still there")
		assert.Equal(t, `renamed\u001b[31m\u202e`, s.Page.NameOf(pagetest.Other.ID))
		assert.Len(t, s.Listed, 2)
	}, pagetest.Two)
}

func TestAListThatCouldNotBeReadAgainStays(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Fail["list"] = pagetest.Unreachable(syscall.ECONNREFUSED)
		s.Advance(30 * time.Second)
		s.Press("r")
		s.Says("! could not read the webhooks")
		s.Shows("monitor")
		s.ShowsWords("this is how it was 30s ago. UP42 does not answer: connection refused; r tries again")
		assert.NotContains(t, s.Notes[0], "refused", "why is said once")
		delete(s.UP42.Fail, "list")
		s.Press("r")
		s.Lacks("this is how it was")
	}, pagetest.Two)
}

func TestReadingCanBeGivenUp(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		release := s.UP42.Hold("list")
		s.Press("r")
		s.Shows("reading the webhooks")
		s.Press("r")
		s.Says("? the webhooks are being read; esc gives up")
		s.Press("esc")
		s.Says("gave up reading")
		s.Lacks("reading the webhooks")
		assert.Equal(t, 2, s.UP42.Asked("list"))
		release()
		s.Settle()
		s.Press("r")
		s.Shows("monitor")
	}, pagetest.Two)
}

func TestSeen(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Page.Saw(pagetest.Mine.ID, s.Now().Add(-40*time.Second))
		s.Page.Saw(pagetest.Mine.ID, s.Now().Add(-4*time.Minute))
		s.Page.Saw("", s.Now())
		s.Shows("40s")
		s.Press("enter")
		s.Shows("Last delivery  2026-03-14 11:59:20 UTC, 40s ago")
	}, pagetest.Two)
}

func TestFilterAndSort(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Do(s.Page.SetFilter("staging"))
		s.Lacks("monitor")
		s.Do(s.Page.SetFilter("nothing like it"))
		s.Shows("Nothing matches the filter")
		s.Do(s.Page.SetFilter(""))
		for _, want := range []string{"newest", "changed last", "on first", "URL", "most events", "name"} {
			s.Do(s.Page.NextOrder())
			assert.Equal(t, want, s.Page.OrderName())
			s.View()
		}
	}, pagetest.Two)
}
