package webhooks_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

func TestToggleKeepsWhatOthersChanged(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.api.change(mine.ID, func(w *client.Webhook) { w.Name, w.Secret = "renamed", "rotated" })
		s.press("space", "space")
		s.says("renamed is off; space turns it on again")
		now := s.api.get(mine.ID)
		assert.False(t, now.Active)
		assert.Equal(t, client.Secret("rotated"), now.Secret)
		assert.Equal(t, mine.Events, now.Events)
		assert.Equal(t, "rotated", s.listed[len(s.listed)-1][0].Secret.Reveal())

		s.api.change(mine.ID, func(w *client.Webhook) { w.Active = true })
		s.press("space")
		s.says("? renamed was on already: somebody else did it")
		s.shows("● on")
	}, two)
}

func TestTurningOffAWebhookInUseAsks(t *testing.T) {
	const question = "? space again turns off monitor: its deliveries stop"
	within(t, 80, 19, func(s *screen) {
		s.press("space")
		s.says(question)
		s.advance(5 * time.Second)
		s.press("space")
		s.says(question)
		s.press("r", "space")
		s.says(question)
		s.press("esc", "space")
		s.says(question)
		assert.True(t, s.api.get(mine.ID).Active)
		s.press("space")
		s.says("monitor is off; space turns it on again")
		s.press("space")
		s.says("monitor is on")
	}, two)
}

func TestTurningOffAnUnusedWebhookDoesNotAsk(t *testing.T) {
	elsewhere := mine
	elsewhere.URL = other.URL
	within(t, 80, 19, func(s *screen) {
		s.p.Saw(elsewhere.ID, s.now().Add(-2*time.Hour))
		s.press("space")
		s.says("monitor is off")
		s.press("space")
		s.says("monitor is on")
		s.p.Saw(elsewhere.ID, s.now().Add(-2*time.Minute))
		s.press("space")
		s.says("? space again turns off monitor")
	}, func(s *screen, _ *webhooks.Options) { s.api.having(elsewhere) })
}

func TestConfirmationIsForOneWebhook(t *testing.T) {
	second := mine
	second.ID, second.Name = other.ID, "second"
	within(t, 80, 19, func(s *screen) {
		s.press("space")
		s.p.Move(1)
		s.press("space")
		s.says("? space again turns off second")
		assert.True(t, s.api.get(second.ID).Active)
	}, func(s *screen, _ *webhooks.Options) { s.api.having(mine, second) })
}

func TestACallUnderWayShowsAndCanBeGivenUp(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("update")
		s.press("space", "space")
		s.shows("◐ turning")
		for _, k := range []string{"space", "e", "t", "d"} {
			s.press(k)
			s.says("? turning off monitor is under way; esc gives it up")
		}
		s.p.Move(1)
		s.press("enter", "esc")
		s.shows("◐ turning")
		s.press("esc")
		s.says("? gave up turning off monitor; UP42 may have done it")
		s.lacks("◐ turning")
		assert.Equal(t, 2, s.api.asked("list"), "it is read again, once the call has ended")
		release()
	}, two)
	within(t, 80, 19, func(s *screen) {
		defer s.api.hold("update")()
		s.press("space", "space", "enter")
		s.shows("Under way      turning off; esc gives it up")
		s.press("esc")
		s.says("? gave up turning off monitor")
		s.shows("Webhook monitor")
		s.lacks("Under way")
	}, two)
}
