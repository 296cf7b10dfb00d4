package tui_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestKeysThatComeAtOnce(t *testing.T) {
	within(t, 120, 24, manyOrders(100), func(s *screen) {
		s.press("jjjk")
		assert.Contains(t, s.line(-2), " 3/100 ")
		s.press("/no such row")
		s.shows("filter: no such row")
	})
}
