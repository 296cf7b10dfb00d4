package tui_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/glow"
)

// glowing counts the reversed texts on the screen.
func glowing(s *screen) int { return strings.Count(s.View(), "\x1b[7m") }

func TestWhatJustChangedGlows(t *testing.T) {
	within(t, 120, 36, aDay, func(s *screen) {
		assert.Zero(t, glowing(s))
		s.log.Add(order(2, "ARCHIVED", 0))
		s.advance(100 * time.Millisecond)
		assert.Equal(t, 1, glowing(s))
		s.advance(glow.Lasts)
		assert.Zero(t, glowing(s))
		s.log.Add(order(2, "ARCHIVED", 0)) // the same status
		s.advance(100 * time.Millisecond)
		assert.Zero(t, glowing(s))
		s.Press("3")
		s.log.Add(order(2, "FULFILLED", 0), order(3, "FULFILLED", 0))
		s.advance(100 * time.Millisecond)
		assert.Equal(t, 2, glowing(s))
		for i := range 20 {
			s.log.Add(order(100+i, "CREATED", 0))
		}
		s.advance(100 * time.Millisecond)
		assert.Zero(t, glowing(s), "too much changes")
	}, coloured)
	for name, change := range map[string]func(*tui.Options){
		"no colours": func(*tui.Options) {},
		"no motion":  func(o *tui.Options) { coloured(o); o.Still = true },
	} {
		within(t, 120, 36, aDay, func(s *screen) {
			s.log.Add(order(2, "ARCHIVED", 0))
			s.advance(100 * time.Millisecond)
			assert.Zero(t, glowing(s), name)
		}, change)
	}
}
