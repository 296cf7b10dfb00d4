package panel_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestSpaceScrollsOverTheList(t *testing.T) {
	for _, keys := range [][]string{{"t", "esc", "enter"}, {"t"}} {
		pagetest.Run(t, 80, 10, func(s *pagetest.Screen) {
			s.Press(keys...)
			before := s.View()
			s.Press("space", "space", "space")
			assert.NotEqual(t, before, s.View())
			s.Shows("stored #2")
			s.Press("g")
			assert.Equal(t, before, s.View())
			s.Press("pgdown")
			assert.NotEqual(t, before, s.View())
			assert.True(t, s.UP42.Get(pagetest.Mine.ID).Active)
			assert.Equal(t, 0, s.UP42.Asked("update"))
		}, pagetest.Two)
		pagetest.Run(t, 200, 55, func(s *pagetest.Screen) {
			s.Press(keys...)
			s.Press("space", "space")
			assert.Equal(t, 0, s.UP42.Asked("update"))
		}, pagetest.Two)
	}
}

func TestEveryPanelFitsAnySize(t *testing.T) {
	for name, keys := range map[string][]string{
		"list": nil, "details": {"enter"}, "form": {"c"}, "own secret": {"c", "tab", "tab", "tab", "tab", "right", "enter"},
		"review": {"e", "x", "ctrl+s"}, "remove": {"d"}, "test": {"t"}, "reveal": {"v"},
	} {
		t.Run(name, func(t *testing.T) {
			pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
				s.Press(keys...)
				for w := 0; w < 120; w += 7 {
					for h := 0; h < 30; h++ {
						if s.SetSize(w, h); w > 0 && h > 0 {
							s.View()
						}
					}
				}
				s.SetSize(80, 19)
				s.Press("esc", "esc", "esc")
			}, pagetest.Two)
		})
	}
}
