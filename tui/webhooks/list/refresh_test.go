package list_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/tuitest"
	"github.com/up42/up42-webhooks/tui/webhooks"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestOldListIsReadAgainWhileTheUserLooks(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Look(29 * time.Second)
		s.Shows("read 29s ago; r reads it again")
		assert.Equal(t, 1, s.UP42.Asked("list"))
		s.UP42.Change(pagetest.Mine.ID, func(w *client.Webhook) { w.Name = "renamed" })
		s.Look(time.Second)
		assert.Equal(t, 2, s.UP42.Asked("list"))
		s.Shows("renamed", "read 0s ago")
		s.Look(3 * time.Minute)
		assert.Equal(t, 8, s.UP42.Asked("list"))
		assert.Empty(t, s.Notes)
	}, pagetest.Two)
}

func TestListGetsOldWhileNobodyLooks(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.View()
		s.Advance(time.Hour)
		assert.Equal(t, 1, s.UP42.Asked("list"))
		s.Look(time.Second)
		assert.Equal(t, 2, s.UP42.Asked("list"), "it is looked at again")
	}, pagetest.Two)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Look(2 * time.Minute)
		assert.Empty(t, s.UP42.Calls)
		s.Lacks("read ")
	}, pagetest.NoCredentials)
}

func TestNoRefreshWhileTheUserIsBusy(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c")
		s.Look(5 * time.Minute)
		assert.Equal(t, 1, s.UP42.Asked("list"), "a form is open")
		s.Press("esc")
		release := s.UP42.Hold("test")
		s.Press("t")
		s.Look(80 * time.Second)
		assert.Equal(t, 1, s.UP42.Asked("list"), "a call is under way")
		release()
		s.Settle()
		s.Look(time.Second)
		assert.Equal(t, 2, s.UP42.Asked("list"))
	}, pagetest.Two)
}

func TestBackgroundReadsAreQuiet(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Fail["list"] = pagetest.Unreachable(syscall.ECONNREFUSED)
		s.Look(90 * time.Second)
		assert.Empty(t, s.Notes)
		s.Shows("monitor", "this is how it was 1m 30s ago. UP42 does not answer")
		assert.Equal(t, 4, s.UP42.Asked("list"))
		delete(s.UP42.Fail, "list")
		s.Look(30 * time.Second)
		s.Lacks("this is how it was")
		s.Shows("read 0s ago")
	}, pagetest.Two)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		release := s.UP42.Hold("list")
		s.Look(31 * time.Second)
		require.Equal(t, 2, s.UP42.Asked("list"))
		s.Lacks("reading")
		assert.False(t, s.PressKey(tuitest.Keys("esc")[0]), "esc is not for it")
		s.Press("r")
		s.Shows("reading the webhooks")
		s.UP42.Fail["list"] = pagetest.Unreachable(syscall.ECONNREFUSED)
		release()
		s.Settle()
	}, pagetest.Two)
}

func TestRefusedPasswordIsNotTriedAgain(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Look(5 * time.Minute)
		assert.Equal(t, 1, s.UP42.Asked("list"))
		s.ShowsWords("correct UP42_USERNAME and UP42_PASSWORD and start up42hooks again")
		s.Lacks("r tries again")
		s.Press("r")
		assert.Equal(t, 2, s.UP42.Asked("list"))
	}, pagetest.Two, pagetest.WrongPassword)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Look(30 * time.Second)
		assert.Equal(t, 2, s.UP42.Asked("list"), "a network comes back by itself")
	}, pagetest.Two, func(s *pagetest.Screen, _ *webhooks.Options) {
		s.UP42.Fail["list"] = pagetest.Unreachable(syscall.ENETUNREACH)
	})
}
