package webhooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

func TestEditSendsTheDifferenceAndAll(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("e", "ctrl+s")
		s.says("? nothing changed: nothing is sent")
		assert.False(t, s.p.Captures())
		s.press("e", "!", "ctrl+s")
		s.shows("Change monitor", "→ monitor!")
		s.press("x")
		s.says("? enter sends it")
		s.press("esc")
		s.shows("Edit monitor")
		s.press("?", "ctrl+s", "enter")
		s.says("saved monitor!?")
		want := mine
		want.Name, want.UpdatedAt = "monitor!?", s.now()
		assert.Equal(t, want, s.api.get(mine.ID))
		s.shows("monitor!?")
	}, two)
}

func TestEditAsksAgainAfterAnotherEdit(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("e", "!", "ctrl+s")
		s.api.change(mine.ID, func(w *client.Webhook) { w.Active, w.Secret = false, "rotated" })
		s.press("enter")
		s.says("? monitor was changed meanwhile: nothing was sent")
		s.shows("Somebody changed it", "→ off", "→ changed", "→ monitor!")
		assert.Equal(t, 0, s.api.asked("update"))
		s.press("enter")
		s.says("saved monitor!")
		now := s.api.get(mine.ID)
		assert.Equal(t, "monitor!", now.Name)
		assert.False(t, now.Active)
		assert.Equal(t, client.Secret("rotated"), now.Secret)

		s.press("e", "?", "ctrl+s")
		s.api.change(mine.ID, func(w *client.Webhook) { w.Name = "monitor!?" })
		s.press("enter")
		s.says("? somebody made the same change meanwhile: nothing is sent")
		assert.Equal(t, 1, s.api.asked("update"))
	}, two)
}

func TestWhatCannotBeShownSurvivesAnEdit(t *testing.T) {
	odd := mine
	odd.Name, odd.URL = "m\u202eon\titor", "https://hooks.example.com/\u200breceive"
	within(t, 80, 19, func(s *screen) {
		s.press("e", "tab", "tab", "space", "ctrl+s", "enter")
		s.says(`saved m\u202eon\titor`)
		now := s.api.get(odd.ID)
		assert.Equal(t, odd.Name, now.Name)
		assert.Equal(t, odd.URL, now.URL)
		assert.Equal(t, []string{"order.status"}, now.Events)
		s.press("d")
		s.paste(`m\u202eon\titor`)
		s.press("enter")
		s.says("deleted")
	}, func(s *screen, _ *webhooks.Options) { s.api.having(odd) })
}
