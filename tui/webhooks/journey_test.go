package webhooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestLifecycleTakesUnderFortyKeys(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("c", "enter", "enter", "enter", "enter", "enter")
		s.Says("created up42hooks")
		require.Len(t, s.UP42.All, 1)
		w := s.UP42.All[0]
		assert.Equal(t, pagetest.PublicURL, w.URL)
		assert.Equal(t, []string{"job.status", "order.status"}, w.Events)
		assert.True(t, w.Active)
		assert.Len(t, w.Secret.Reveal(), 43)

		s.Press("t")
		s.Says("works: 2 of 2")
		s.Press("esc")
		s.Shows("✓ 2/2")

		s.Press("e", "2", "ctrl+s")
		s.Shows("up42hooks2")
		s.Press("enter")
		s.Says("saved up42hooks2")

		s.Press("o")
		s.Says("? o again turns off up42hooks2: its deliveries stop")
		assert.True(t, s.UP42.Get(w.ID).Active)
		s.Press("o")
		s.Says("up42hooks2 is off; o turns it on again")
		assert.False(t, s.UP42.Get(w.ID).Active)
		assert.Equal(t, w.Secret, s.UP42.Get(w.ID).Secret)

		s.Press("d", "up42hooks2", "enter")
		s.Says("deleted up42hooks2; u creates it again")
		assert.Empty(t, s.UP42.All)
		assert.Less(t, s.Keys, 40)

		s.Press("u")
		s.Says("again; its id is new: 00000000-0000-4000-8000-000000000002")
		back := s.UP42.All[0]
		assert.Equal(t, w.Secret, back.Secret)
		assert.Equal(t, "up42hooks2", back.Name)
	})
}
