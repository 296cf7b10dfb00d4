package tui_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
)

// starts are the sizes of the screen at the start.
func starts(opened string) [][2]int {
	if opened == "details" || opened == "pane" {
		return [][2]int{{80, 24}, {160, 45}}
	}
	return [][2]int{{80, 24}}
}

// Whatever is open, and whatever comes in: no size ends the screen, and afterwards it is as before.
func TestNoSizeEndsTheScreen(t *testing.T) {
	opened := map[string][]string{
		"overview": {"0"}, "orders": {"2"}, "filter": {"2", "/", "s"}, "wrong filter": {"2", "/", "stats:x y:z"}, "fault": {"3", "/", "live:x", "enter"},
		"values": {"3", "/", "verdict:"}, "palette": {":"}, "found": {":", "fo"}, "help": {"?"}, "details": {"2", "enter"}, "whole": {"3", "enter", "enter"},
		"search": {"2", "enter", "/", "ord"}, "copy": {"2", "enter", "c"}, "open": {"2", "enter", "o"}, "save": {"3", "enter", "w"}, "webhooks": {"4"},
		"marks": {"2", "space", "space", "V"}, "question": {"t"}, "pane": {"2", "v", "<", ">"},
	}
	for name, keys := range opened {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, start := range starts(name) {
				within(t, start[0], start[1], aDay, func(s *screen) {
					s.Press(keys...)
					for _, size := range [][2]int{{1, 1}, {1, 24}, {80, 1}, {0, 0}, {5, 3}, {60, 15}, {150, 20}, {2, 1000}} {
						s.resize(size[0], size[1])
						s.Press("down", "up")
						s.Paste("x\n\x1b[2Jمرحبا\u200f😀\x00\tq")
						for _, at := range []int{-5, 2, 2000} {
							s.Send(tea.MouseMsg{X: at, Y: at, Button: tea.MouseButtonLeft})
							s.Send(tea.MouseMsg{X: at, Y: 3, Button: tea.MouseButtonWheelDown})
							s.Send(tea.MouseMsg{X: at, Y: 2, Action: tea.MouseActionMotion})
							s.Send(tea.MouseMsg{X: at, Y: 2, Action: tea.MouseActionRelease, Button: tea.MouseButton(99)})
						}
						if size[1] > 0 {
							_ = s.View() // as large as the terminal
						}
					}
					s.resize(start[0], start[1])
					s.Press("esc", "esc", "esc", "esc", "esc", "2")
					s.Shows("STATUS", "2 Orders")
				})
			}
		})
	}
}

// On the smallest terminal what to do first is whole, and the pages have names, also if one waits.
func TestTheSmallestTerminal(t *testing.T) {
	sends := func(o *tui.Options) { o.TestEvent = func(context.Context, receiver.Kind) error { return nil } }
	within(t, 60, 15, newMemory, func(s *screen) {
		s.ShowsWords("Press t to send yourself a test event, or from another terminal:")
		s.Golden("empty-60x15")
		s.Press("1")
		s.ShowsWords(`up42hooks send --job-id my-job --url \ http://192.168.100.100:19888/receive-webhooks`)
	}, sends, func(o *tui.Options) { o.Program, o.Receiver.Address = "up42hooks", "192.168.100.100:19888" })
	within(t, 60, 15, aHardDay, func(s *screen) {
		for page := range 6 {
			s.Press(strconv.Itoa(page))
			for _, name := range []string{"0 Over", "1 Jobs", "2 Orders ◆", "3 Events", "4 ", "5 Undel"} {
				s.Shows(name)
			}
		}
		s.Golden("tabs-60x15")
		s.Press("2", "t")
		s.ShowsWords("A signed delivery about a new order, marked TEST.")
	}, forwards(well()), sends)
	within(t, 60, 15, newMemory, func(s *screen) {
		s.Press("0")
		s.ShowsWords("Press t to send yourself a test event, or from another terminal:")
	}, sends)
}

// What another program can't do is not proposed.
func TestAnEmptyPageProposesWhatWorks(t *testing.T) {
	own := func(o *tui.Options) { o.Receiver.OwnSecret, o.Receiver.SecretFile = true, "" }
	sends := func(o *tui.Options) { o.TestEvent = func(context.Context, receiver.Kind) error { return nil } }
	for _, page := range []string{"0", "1", "2", "3"} {
		within(t, 80, 24, newMemory, func(s *screen) {
			s.Press(page)
			s.Shows("Deliveries are accepted at", "Press t to send yourself a test event.")
			s.Lacks("up42hooks send", "secret")
		}, own, sends)
		within(t, 80, 24, newMemory, func(s *screen) {
			s.Press(page)
			s.Shows("Deliveries are accepted at")
			s.Lacks("yourself", "up42hooks send", "secret")
		}, own)
	}
}

// If all that came was rejected, the pages of rows say so, and where it is listed.
func TestAllWasRejected(t *testing.T) {
	only := func(n int) func() *memory {
		return func() *memory {
			l := newMemory()
			for i := range n {
				l.Add(with(order(i, "PLACED", time.Minute), rejected("stale")))
			}
			return l
		}
	}
	within(t, 120, 30, only(3), func(s *screen) {
		s.Press("2")
		s.Shows("No event has come yet: all 3 deliveries were rejected. Press 3 to see why.")
		s.Press("3")
		s.Shows("✕ rejected", "stale")
	})
	within(t, 80, 24, only(1), func(s *screen) {
		s.Press("1")
		s.ShowsWords("the one delivery that came was rejected. Press 3 to see why.")
	})
}
