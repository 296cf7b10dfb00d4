package webhooks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCreateIsNotSentTwice(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("create")
		s.press("c", "ctrl+s")
		s.shows("creating… esc gives up")
		s.press("ctrl+s", "x")
		s.says("? it is being sent; esc gives up")
		assert.Equal(t, 1, s.api.asked("create"))
		s.press("esc")
		s.says("? gave up creating up42hooks; UP42 may have done it")
		s.shows("New webhook")
		s.press("esc")
		release()
		s.settle()
		assert.Equal(t, 2, s.api.asked("list"))
	})
}

func TestDuplicate(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("D", "ctrl+s")
		s.says("created monitor copy")
		copied := s.api.webhooks[2]
		assert.Equal(t, mine.URL, copied.URL)
		assert.False(t, copied.Active, "all would come twice")
		assert.Equal(t, mine.Events, copied.Events)
		assert.NotEqual(t, mine.Secret, copied.Secret)
		s.shows("▌ monitor copy")
	}, two)
}
