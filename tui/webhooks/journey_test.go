package webhooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLifecycleTakesUnderFortyKeys(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("c", "enter", "enter", "enter", "enter", "enter")
		s.says("created up42hooks")
		require.Len(t, s.api.webhooks, 1)
		w := s.api.webhooks[0]
		assert.Equal(t, publicURL, w.URL)
		assert.Equal(t, []string{"job.status", "order.status"}, w.Events)
		assert.True(t, w.Active)
		assert.Len(t, w.Secret.Reveal(), 43)

		s.press("t")
		s.says("works: 2 of 2")
		s.press("esc")
		s.shows("✓ 2/2")

		s.press("e", "2", "ctrl+s")
		s.shows("up42hooks2")
		s.press("enter")
		s.says("saved up42hooks2")

		s.press("space")
		s.says("? space again turns off up42hooks2: its deliveries stop")
		assert.True(t, s.api.get(w.ID).Active)
		s.press("space")
		s.says("up42hooks2 is off; space turns it on again")
		assert.False(t, s.api.get(w.ID).Active)
		assert.Equal(t, w.Secret, s.api.get(w.ID).Secret)

		s.press("d", "up42hooks2", "enter")
		s.says("deleted up42hooks2; u creates it again")
		assert.Empty(t, s.api.webhooks)
		assert.Less(t, s.keys, 40)

		s.press("u")
		s.says("again; its id is new: 00000000-0000-4000-8000-000000000002")
		back := s.api.webhooks[0]
		assert.Equal(t, w.Secret, back.Secret)
		assert.Equal(t, "up42hooks2", back.Name)
	})
}
