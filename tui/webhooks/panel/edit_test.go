package panel_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestEditSendsTheDifferenceAndAll(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("e", "ctrl+s")
		s.Says("? nothing changed: nothing is sent")
		assert.False(t, s.Page.Captures())
		s.Press("e", "!", "ctrl+s")
		s.Shows("Change monitor", "→ monitor!")
		s.Press("x")
		s.Says("? enter sends it")
		s.Press("esc")
		s.Shows("Edit monitor")
		s.Press("?", "ctrl+s", "enter")
		s.Says("saved monitor!?")
		want := pagetest.Mine
		want.Name, want.UpdatedAt = "monitor!?", s.Now()
		assert.Equal(t, want, s.UP42.Get(pagetest.Mine.ID))
		s.Shows("monitor!?")
	}, pagetest.Two)
}

func TestEditAsksAgainAfterAnotherEdit(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("e", "!", "ctrl+s")
		s.UP42.Change(pagetest.Mine.ID, func(w *client.Webhook) { w.Active, w.Secret = false, "rotated" })
		s.Press("enter")
		s.Says("? monitor was changed meanwhile: nothing was sent")
		s.Shows("Somebody changed it", "→ off", "→ changed", "→ monitor!")
		assert.Equal(t, 0, s.UP42.Asked("update"))
		s.Press("enter")
		s.Says("saved monitor!")
		now := s.UP42.Get(pagetest.Mine.ID)
		assert.Equal(t, "monitor!", now.Name)
		assert.False(t, now.Active)
		assert.Equal(t, client.Secret("rotated"), now.Secret)

		s.Press("e", "?", "ctrl+s")
		s.UP42.Change(pagetest.Mine.ID, func(w *client.Webhook) { w.Name = "monitor!?" })
		s.Press("enter")
		s.Says("? somebody made the same change meanwhile: nothing is sent")
		assert.Equal(t, 1, s.UP42.Asked("update"))
	}, pagetest.Two)
}

func TestWhatCannotBeShownSurvivesAnEdit(t *testing.T) {
	odd := pagetest.Mine
	odd.Name, odd.URL = "m\u202eon\titor", "https://hooks.example.com/\u200breceive"
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("e", "tab", "tab", "space", "ctrl+s", "enter")
		s.Says(`saved m\u202eon\titor`)
		now := s.UP42.Get(odd.ID)
		assert.Equal(t, odd.Name, now.Name)
		assert.Equal(t, odd.URL, now.URL)
		assert.Equal(t, []string{"order.status"}, now.Events)
		s.Press("d")
		s.Paste(`m\u202eon\titor`)
		s.Press("enter")
		s.Says("deleted")
	}, pagetest.Have(odd))
}
