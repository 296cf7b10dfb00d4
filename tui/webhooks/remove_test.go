package webhooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
)

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
