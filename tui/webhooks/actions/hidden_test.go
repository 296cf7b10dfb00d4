package actions_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

// Nothing is written back without the secret that UP42 does not show.
func TestAWebhookWithAnUnknownSecretIsNotToggled(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("o", "o")
		s.Says("! could not turn off monitor: UP42 does not show its secret, e asks for it")
		assert.Zero(t, s.UP42.Asked("update"))
		assert.True(t, s.UP42.Get(pagetest.Mine.ID).Active)
		assert.Equal(t, pagetest.Mine.Secret, s.UP42.Get(pagetest.Mine.ID).Secret)
	}, pagetest.Two, pagetest.Hidden)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Hidden = true // since the list was read
		s.Press("o", "o")
		s.Says("! could not turn off monitor: UP42 does not show its secret, e asks for it")
		s.Press("e", "!", "ctrl+s", "enter")
		s.Shows("does not show")
		assert.Zero(t, s.UP42.Asked("update"))
		assert.Equal(t, pagetest.Mine, s.UP42.Get(pagetest.Mine.ID))
	}, pagetest.Two)
}

func TestAnUnknownSecretIsNeitherShownNorCopied(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("v")
		s.Says("? UP42 does not show the secret of monitor")
		s.Press("Y")
		s.Says("? nothing to copy: UP42 does not show the secret of monitor")
		s.Press("enter")
		s.Shows("not known: UP42 does not show it")
	}, pagetest.Two, pagetest.Hidden)
}

func TestADeletedWebhookWithAnUnknownSecretStaysDeleted(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("d")
		s.ShowsWords("This can't be undone: its secret is not known.")
		s.Press("monitor", "enter")
		s.Says("deleted monitor; u can't create it again: its secret is not known")
		s.Press("u")
		s.Says("? nothing to undo")
		assert.Zero(t, s.UP42.Asked("create"))
	}, pagetest.Two, pagetest.Hidden)
}

func TestANewSecretThatUP42DoesNotRepeatCanBeCopied(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c", "ctrl+s")
		s.Says("created up42hooks; t tests it, Y copies its secret now: UP42 does not show it again")
		s.Press("Y")
		s.Says("copied the secret of up42hooks")
		assert.Equal(t, []string{s.UP42.All[0].Secret.Reveal()}, s.Copied)
		last := s.Listed[len(s.Listed)-1]
		assert.Equal(t, s.UP42.All[0].Secret, last[0].Secret, "the receiver learns it")
		assert.Len(t, s.Copied[0], 43)
	}, pagetest.Hidden)
}

func TestTheFormNeedsTheEventsOfUP42(t *testing.T) {
	none := func(s *pagetest.Screen) { s.UP42.Types = nil }
	down := func(s *pagetest.Screen) { s.UP42.Fail["types"] = &client.Error{Call: "list the events", Status: 503} }
	for name, tc := range map[string]struct {
		change func(*pagetest.Screen)
		says   string
	}{
		"none": {none, "! UP42 names no events to subscribe to: try again later, or ask UP42 whether this account may use webhooks"},
		"down": {down, "! could not ask UP42 for its events: UP42 answered 503: Service Unavailable; UP42 has a problem: try again later"},
	} {
		t.Run(name, func(t *testing.T) {
			pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
				s.Press("c")
				s.Says(tc.says)
				assert.False(t, s.Page.Captures(), "there is no form")
				s.Press("e", "tab", "tab")
				s.ShowsWords("Which other events UP42 has is not known.")
				s.Shows("[x] job.status", "[x] order.status")
				s.Press("esc")
				s.UP42.Types, s.UP42.Fail = []client.EventType{{Name: "order.status"}}, map[string]error{}
				s.Press("c", "ctrl+s")
				s.Says("created")
				assert.Equal(t, []string{"order.status"}, s.UP42.All[2].Events)
			}, pagetest.Two, func(s *pagetest.Screen, _ *webhooks.Options) { tc.change(s) })
		})
	}
}

func TestAFormDoesNotOpenOverAnotherPanel(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Fail = map[string]error{}
		release := s.UP42.Hold("types")
		s.Press("c")
		s.Shows("asking for the events of UP42… esc gives up")
		s.Press("enter")
		release()
		s.Settle()
		s.Shows("Webhook monitor")
		s.Press("esc", "c")
		s.Shows("New webhook")
	}, pagetest.Two, func(s *pagetest.Screen, _ *webhooks.Options) { s.UP42.Fail["types"] = &client.Error{Status: 503} })
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Fail = map[string]error{}
		release := s.UP42.Hold("types")
		s.Press("c", "c")
		s.Says("? asking for the events of UP42 is under way; esc gives it up")
		s.Press("esc")
		s.Says("gave up asking for the events of UP42")
		release()
		s.Settle()
		assert.False(t, s.Page.Captures())
	}, pagetest.Two, func(s *pagetest.Screen, _ *webhooks.Options) { s.UP42.Fail["types"] = &client.Error{Status: 503} })
}
