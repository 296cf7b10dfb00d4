package webhooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestMarkedWebhooks(t *testing.T) {
	pagetest.Run(t, 100, 24, func(s *pagetest.Screen) {
		mark := func() {
			s.Page.Home()
			for range 2 {
				assert.Empty(t, s.Page.Marks().Toggle())
			}
		}
		mark()
		s.Press("e")
		s.Says("? this key is for one webhook")
		s.Press("o") // one of them is off
		s.Says("turned on 2")
		mark()
		s.Press("o")
		s.Says("? o again turns off 2 webhooks: their deliveries stop")
		s.Press("o")
		s.Says("turned off 2")
		assert.False(t, s.UP42.Get(pagetest.Mine.ID).Active)
		assert.Zero(t, s.Page.Marks().Len())

		mark()
		s.Press("d")
		s.Shows("Delete 2 webhooks?", "monitor")
		s.Press("x", "3", "enter")
		s.Shows("type 2 to delete them")
		s.Press("backspace", "2", "enter")
		s.Says("deleted 2")
		s.Shows("There is no webhook")
		s.Press("u")
		s.Shows("staging orders")
	}, pagetest.Two)
}

// A single webhook that is marked is deleted in the same way.
func TestOneMarkedWebhook(t *testing.T) {
	pagetest.Run(t, 100, 24, func(s *pagetest.Screen) {
		s.Page.Marks().Toggle()
		s.Press("d")
		s.Shows("Delete 1 webhook?", "Type 1 to delete it:")
		s.Press("2", "enter")
		s.Shows("type 1 to delete it, or esc to keep it")
		s.Press("backspace", "1", "enter")
		s.Says("deleted 1")
		assert.Len(t, s.UP42.All, 1)
	}, pagetest.Two)
}

func TestMarkedWebhooksAreKept(t *testing.T) {
	pagetest.Run(t, 100, 24, func(s *pagetest.Screen) {
		s.Page.Marks().Toggle()
		s.Press("d", "esc")
		assert.Equal(t, 0, s.UP42.Asked("delete"))
		assert.Equal(t, 1, s.Page.Marks().Len())
	}, pagetest.Two)
}
