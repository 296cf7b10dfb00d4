package panel_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestCreateIsNotSentTwice(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		release := s.UP42.Hold("create")
		s.Press("c", "ctrl+s")
		s.Shows("creating… esc gives up")
		s.Press("ctrl+s", "x")
		s.Says("? it is being sent; esc gives up")
		assert.Equal(t, 1, s.UP42.Asked("create"))
		s.Press("esc")
		s.Says("? gave up creating up42hooks; asking UP42 what it has done")
		s.Shows("New webhook")
		s.Press("esc")
		release()
		s.Settle()
		assert.Equal(t, 2, s.UP42.Asked("list"))
	})
}

func TestDuplicate(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("D", "ctrl+s")
		s.Says("created monitor copy")
		copied := s.UP42.All[2]
		assert.Equal(t, pagetest.Mine.URL, copied.URL)
		assert.False(t, copied.Active, "all would come twice")
		assert.Equal(t, pagetest.Mine.Events, copied.Events)
		assert.NotEqual(t, pagetest.Mine.Secret, copied.Secret)
		s.Shows("▌ monitor copy")
	}, pagetest.Two)
}
