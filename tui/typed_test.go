package tui_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
)

func TestKeysThatComeAtOnce(t *testing.T) {
	within(t, 120, 24, manyOrders(100), func(s *screen) {
		atOnce := func(keys string) { s.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(keys)}) }
		atOnce("jjjk")
		assert.Contains(t, s.Line(-2), " 3/100 ")
		atOnce("/nothing")
		s.Shows("filter: nothing")
	})
}
