package panel_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks"
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

// A name that no keyboard has is not asked for.
func TestDeleteWantsTheIDOfANameThatCannotBeTyped(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("d")
		s.Shows("Delete \U0001f6f0\ufe0f 衛星?", "Type the start of its id, 00c0ffee,")
		s.Press("衛星", "enter")
		s.Shows("that is not the start of its id")
		s.Press("end", "ctrl+u")
		s.Press("00c0ffee", "enter")
		s.Says("deleted \U0001f6f0\ufe0f 衛星; u creates it again")
	}, func(s *pagetest.Screen, _ *webhooks.Options) {
		s.UP42.All = []client.Webhook{{ID: "00c0ffee-0000-4000-8000-000000000001", Name: "\U0001f6f0\ufe0f 衛星", URL: "https://hooks.example.com/", Events: []string{"job.status"}}}
	})
}
