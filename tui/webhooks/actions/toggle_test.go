package actions_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestToggleKeepsWhatOthersChanged(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Change(pagetest.Mine.ID, func(w *client.Webhook) { w.Name, w.Secret = "renamed", "rotated" })
		s.Press("o", "o")
		s.Says("renamed is off; o turns it on again")
		now := s.UP42.Get(pagetest.Mine.ID)
		assert.False(t, now.Active)
		assert.Equal(t, client.Secret("rotated"), now.Secret)
		assert.Equal(t, pagetest.Mine.Events, now.Events)
		assert.Equal(t, "rotated", s.Listed[len(s.Listed)-1][0].Secret.Reveal())

		s.UP42.Change(pagetest.Mine.ID, func(w *client.Webhook) { w.Active = true })
		s.Press("o")
		s.Says("? renamed was on already: somebody else did it")
		s.Shows("● on")
	}, pagetest.Two)
}

func TestTurningOffAWebhookInUseAsks(t *testing.T) {
	const question = "? o again turns off monitor: its deliveries stop"
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("o")
		s.Says(question)
		s.Advance(5 * time.Second)
		s.Press("o")
		s.Says(question)
		s.Press("r", "o")
		s.Says(question)
		s.Press("esc", "o")
		s.Says(question)
		assert.True(t, s.UP42.Get(pagetest.Mine.ID).Active)
		s.Press("o")
		s.Says("monitor is off; o turns it on again")
		s.Press("o")
		s.Says("monitor is on")
	}, pagetest.Two)
}

func TestTurningOffAnUnusedWebhookDoesNotAsk(t *testing.T) {
	elsewhere := pagetest.Mine
	elsewhere.URL = pagetest.Other.URL
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Page.Saw(elsewhere.ID, s.Now().Add(-2*time.Hour))
		s.Press("o")
		s.Says("monitor is off")
		s.Press("o")
		s.Says("monitor is on")
		s.Page.Saw(elsewhere.ID, s.Now().Add(-2*time.Minute))
		s.Press("o")
		s.Says("? o again turns off monitor")
	}, pagetest.Have(elsewhere))
}

func TestConfirmationIsForOneWebhook(t *testing.T) {
	second := pagetest.Mine
	second.ID, second.Name = pagetest.Other.ID, "second"
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("o")
		s.Page.Move(1)
		s.Press("o")
		s.Says("? o again turns off second")
		assert.True(t, s.UP42.Get(second.ID).Active)
	}, pagetest.Have(pagetest.Mine, second))
}

func TestACallUnderWayShowsAndCanBeGivenUp(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		release := s.UP42.Hold("update")
		s.Press("o", "o")
		s.Shows("◐ turning")
		for _, k := range []string{"o", "e", "t", "d"} {
			s.Press(k)
			s.Says("? turning off monitor is under way; esc gives it up")
		}
		s.Page.Move(1)
		s.Press("enter", "esc")
		s.Shows("◐ turning")
		s.Press("esc")
		s.Says("? gave up turning off monitor; asking UP42 what it has done")
		s.Lacks("◐ turning")
		assert.Equal(t, 2, s.UP42.Asked("list"), "it is read again, once the call has ended")
		release()
	}, pagetest.Two)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		defer s.UP42.Hold("update")()
		s.Press("o", "o", "enter")
		s.Shows("Under way      turning off; esc gives it up")
		s.Press("esc")
		s.Says("? gave up turning off monitor")
		s.Shows("Webhook monitor")
		s.Lacks("Under way")
	}, pagetest.Two)
}
