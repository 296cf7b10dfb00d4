package tui_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/forwarding"
)

func withTargets(o *tui.Options) {
	o.Forwarder = &fakeForwarder{targets: []forwarding.Target{{Name: hook}}}
}

func TestThePaletteHasEachKeyOfEachPage(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		actions := s.m.Actions()
		for _, b := range s.m.AllKeys() {
			has := slices.ContainsFunc(actions, func(a [3]string) bool { return a[1] == b.Help().Key && a[2] == b.Help().Desc })
			assert.True(t, has, "%s: %s", b.Help().Key, b.Help().Desc)
		}
	}, withTargets)
}

func TestThePaletteFindsAndRuns(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 15}, {132, 36}} {
		within(t, size[0], size[1], aDay, func(s *screen) {
			s.Press(":")
			s.Shows("enter run")
			s.Press("evts")
			s.Shows("events")
			s.Press("enter")
			s.Shows("VERDICT")

			s.Press("ctrl+p")
			s.Shows("▌ events") // the last one comes first
			s.Press("create")
			s.Shows("▌ create", "Webhooks")
			s.Press("enter")
			s.Shows("there are no credentials") // it went to the page, which says why not

			s.Press("2", ":", "revord", "enter")
			s.Shows("sorted by latest event, reversed")
			s.Press(":", "sort note", "enter")
			s.Shows("sorted by note")

			s.Press(":", "zzz", "enter")
			s.Shows("no action has these letters")
			s.Press("esc")
			s.Shows("enter run")
			s.Press("esc")
			s.Lacks("enter run")
		})
	}
}

func TestThePaletteFromDetailsAndHelp(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("enter", ":", "sorted", "esc", "esc")
		s.Shows("lines 1-")
		s.Press(":", "next section", "enter")
		assert.Contains(t, s.Line(3), "Journey")
		s.Press("?", ":", "copy id", "enter")
		s.Shows("copied ")
		s.Press(":", "filter", "enter")
		s.Shows(" / ")
		s.Press("esc", ":")
		s.Paste("nonsense\x1b[31m\n" + strings.Repeat("x", 10_000))
		s.View()
		s.Press("esc")
		s.resize(40, 10)
		s.resize(200, 60)
		s.Press("up", "down", "down", "enter")
		s.View()
		assert.False(t, s.quit)
	})
}

func TestThePaletteWithTheMouse(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press(":", "jobs")
		s.clickOn("jobs  ")
		s.Shows("JOB  ")
		s.Press(":")
		s.wheel(1, 5, 25)
		s.Lacks("▌ jobs")
		s.click(5, 2)
		s.Shows("enter run")
	})
}

func TestEachActionOfThePaletteCanBeRun(t *testing.T) {
	within(t, 132, 36, aDay, func(s *screen) {
		for _, a := range s.m.Actions() {
			if strings.Contains(a[1], "ctrl+c") || strings.Contains(a[1], "ctrl+z") {
				continue
			}
			s.Press("2", ":", a[2], "enter")
			s.View()
			s.Press("esc", "esc", "esc", "esc")
			assert.False(t, s.quit, "%v", a)
		}
	}, withTargets, func(o *tui.Options) { o.Receiver.BeforeEnd = "the receiver, too" })
}

// What users call an action finds it, too.
func TestActionsAreFoundByOtherWords(t *testing.T) {
	within(t, 80, 24, aDay, func(s *screen) {
		for word, does := range map[string]string{"redeliver": "resend: forward again", "remove": "delete", "exit": "quit", "reload": "ask UP42 again", "clipboard": "copy id"} {
			s.Press(":", word)
			s.Shows("▌ "+does, "↑↓ choose", "enter run")
			s.Press("esc", "esc")
		}
		s.Press(":", "zzzz")
		s.Shows("no action has these letters")
	})
}
