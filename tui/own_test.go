package tui_test

import (
	"testing"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/keys"
)

func TestOwnKeysWorkAndAreShown(t *testing.T) {
	own := func(o *tui.Options) {
		o.Keys = keys.Own{"sort": {"o"}, "down": {"n", "down"}, "filter": {"ctrl+k"}, "quit": {"Q"}, "back": {"backspace"}, "accept": {"right"}, "pause": {}}
	}
	within(t, 120, 36, aDay, func(s *screen) {
		s.Shows("ctrl+k filter", "o sort", "Q quit")
		s.Lacks("/ filter", "pause")
		s.Press("o")
		s.Shows("sorted by")
		s.Press("s")
		s.Shows("s does nothing here")
		s.Press("n")
		s.Shows("2/8")
		s.Press("p")
		s.Shows("p does nothing here")
		s.Press("ctrl+k", "st", "right")
		s.Shows(" / status:_", "→ take the first")
		s.Press("esc", "esc", "esc", "enter", "n")
		s.Shows("backspace/Q back")
		s.Press("backspace", "?")
		s.Shows("o            sort", "n/↓          down", "Q            quit")
		s.Lacks("/            filter")
		s.Press("Q", "Q")
	}, own)
}
