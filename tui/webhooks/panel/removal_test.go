package panel_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestDeleteWantsTheName(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("d", "enter")
		s.Shows("type its name")
		s.Press("m", "enter")
		s.Shows("that is not its name")
		s.Press("esc")
		s.Shows("staging")
		assert.Equal(t, 0, s.UP42.Asked("delete"))
		s.Press("u")
		s.Says("? nothing to undo: no webhook was deleted")
		s.Press("d")
		s.Paste("monitor\n")
		s.Press("enter")
		s.Says("deleted monitor; u creates it again")
		s.Press("d", "staging orders", "enter", "u")
		s.Says("created staging orders again")
		s.Press("u")
		s.Says("created monitor again")
		s.Press("u")
		s.Says("? nothing left to undo")
	}, pagetest.Two)
}
