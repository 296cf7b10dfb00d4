package stage

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// pressScript takes the keys by which the speaker steers the script.
func (s *Stage) pressScript(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, nextStep):
		return s.goOn(), true
	case key.Matches(msg, faster):
		s.player.faster(1)
	case key.Matches(msg, slower):
		s.player.faster(-1)
	case key.Matches(msg, startOver):
		return s.startOver(), true
	default:
		return nil, false
	}
	return nil, true
}

// togglePause pauses the view and the world, or lets them go on.
func (s *Stage) togglePause() tea.Cmd {
	cmd := s.model.TogglePause()
	s.followPause()
	return cmd
}

// goOn goes to the next step at once. If the world is paused, it pauses again after that.
func (s *Stage) goOn() tea.Cmd {
	p := s.player
	p.skipping, p.halted = true, false
	if !s.paused {
		return nil
	}
	p.stepping = true
	return s.togglePause()
}

// followPause pauses the world with the view.
func (s *Stage) followPause() {
	if paused := s.model.Paused(); paused != s.paused && s.set.World != nil {
		s.paused = paused
		s.set.World.SetPaused(paused)
	}
}
