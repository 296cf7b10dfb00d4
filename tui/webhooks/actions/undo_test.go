package actions_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestAnUndoThatWasGivenUpIsNotLost(t *testing.T) {
	for name, done := range map[string]bool{"UP42 has not done it": false, "UP42 has done it": true} {
		t.Run(name, func(t *testing.T) {
			pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
				s.Press("d", "monitor", "enter")
				s.Says("deleted monitor; u creates it again")
				release := s.UP42.Hold("create")
				s.Press("u")
				s.Shows("creating monitor")
				s.Press("u")
				s.Says("? creating monitor is under way")
				if done {
					s.UP42.Have(append(s.UP42.All, client.Webhook{ID: "new", Name: pagetest.Mine.Name, URL: pagetest.Mine.URL, Events: pagetest.Mine.Events, Secret: pagetest.Mine.Secret})...)
				}
				s.Press("esc")
				release()
				s.Settle()
				s.Press("u")
				if done {
					s.Says("? nothing left to undo")
					return
				}
				s.Says("created monitor again")
				assert.Equal(t, pagetest.Mine.Secret, s.UP42.All[len(s.UP42.All)-1].Secret)
			}, pagetest.Two)
		})
	}
}

func TestUndoThatFailsCanBeTriedAgain(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("d", "monitor", "enter")
		s.UP42.Fail["create"] = &client.Error{Call: "create the webhook", Status: 503, Message: "down"}
		s.Press("u")
		s.Says("! could not create monitor: ")
		delete(s.UP42.Fail, "create")
		s.Press("u")
		s.Says("created monitor again")
	}, pagetest.Two)
}

func TestADeleteThatWasGivenUpButDoneCanBeUndone(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		release := s.UP42.Hold("delete")
		s.Press("d", "monitor", "enter")
		s.Shows("deleting…")
		s.Press("x")
		s.Says("? it is being deleted; esc gives up")
		s.UP42.Remove(pagetest.Mine.ID)
		s.Press("esc")
		s.Says("? gave up deleting monitor", "UP42 has deleted monitor after all; u creates it again")
		release()
		s.Press("esc", "u")
		s.Says("created monitor again")
	}, pagetest.Two)
}
