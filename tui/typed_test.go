package tui_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
)

func TestKeysThatComeAtOnce(t *testing.T) {
	within(t, 120, 24, manyOrders(100), func(s *screen) {
		atOnce := func(keys string) { s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(keys)}) }
		atOnce("jjjk")
		assert.Contains(t, s.line(-2), " 3/100 ")
		atOnce("/nothing")
		s.shows("filter: nothing")
	})
}
