package stage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/stage"
)

const realID = "92ceac2c-9a3e-4c0e-8a52-1b1f3d0f7a11"

func presented(o *stage.Options) {
	w := o.World.(*world)
	at := receivertest.At(w.now())
	w.log.Add(receivertest.Order(realID, "PLACED", receivertest.Named("Project Nightfall"), at), receivertest.Order(realID, "FULFILLED", at))
	w.log.Reject(receivertest.Order(realID, "CREATED", at, receivertest.Rejected("stale")))
	o.Key = []byte("a key")
	o.Screen.Receiver.Address = "hooks.acme.com:443"
	o.Screen.Receiver.Notice = "Nightfall"
}

func TestPresenting(t *testing.T) {
	onStage(t, 132, 36, "", func(r *rig) {
		r.Press("2")
		r.Shows("92ceac2c", "Nightfall", "acme")
		r.Press("P")
		// 2 verified, 1 rejected
		r.Shows("▀▀█             ▄█ ", "verified", "rejected", "duplicates", "  P  ")
		for _, keys := range []string{"1", "2", "3", "enter", "enter", "esc", "esc", "g", "4", "?", "esc", "2", "e", "esc", "y"} {
			r.Press(keys)
			r.Lacks("92ceac2c", "1b1f3d0f7a11", "Nightfall", "acme")
			r.Shows("  " + keys + "  ")
		}
		row := standIn(r)
		r.Press("P")
		r.Shows("92ceac2c", "Nightfall")
		r.Press("2", "P")
		assert.Equal(t, row, standIn(r), "the same id has the same stand-in")
	}, presented)
}

// standIn is the id that the page Orders shows.
func standIn(r *rig) string {
	for l := range strings.Lines(r.View()) {
		if i := strings.Index(l, "FULFILLED"); i >= 0 {
			return strings.Fields(l[i:])[1]
		}
	}
	return ""
}

// The presenter's mode goes together with a script, and with a new world.
func TestPresentingAScript(t *testing.T) {
	onStage(t, 80, 24, strings.ReplaceAll(twoSteps, "sees alps\n", ""), func(r *rig) {
		r.Press("P")
		r.Shows("The first one.", "verified", "█▀█")
		r.pass(time.Second)
		r.Shows("id-")
		r.Lacks("alps")
		r.Press("p", "P")
		assert.False(t, r.world.paused, "another dashboard is not paused")
		r.Press("P", "ctrl+r")
		r.pass(time.Second)
		r.Lacks("alps")
		r.Shows("  3  ", "verified") // the script has pressed it
	})
}

// Warnings do not say why, as that may name a file or a customer.
func TestPresentingAFailure(t *testing.T) {
	onStage(t, 100, 30, "", func(r *rig) {
		r.pass(time.Second)
		r.Shows("nothing more is recorded: write /home/anna/nightfall.rec")
		r.Press("P")
		r.pass(time.Second)
		r.Shows("nothing more is recorded: the reason is not shown")
		r.Lacks("nightfall", "anna")
	}, presented, func(o *stage.Options) {
		o.Screen.Sources.Recording = func() (int, error) { return 3, errors.New("write /home/anna/nightfall.rec: no space left") }
	})
}

// Keys that come while another dashboard is being read wait for its rows.
func TestKeysRightAfterPresenting(t *testing.T) {
	onStage(t, 100, 30, "", func(r *rig) {
		r.Press("3")
		r.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("Pjj")})
		r.Shows("verified", " 3/3 ──", "  j  ")
		r.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("PPj")})
		r.Shows("verified", " 2/3 ──")
	}, presented)
}

// What is typed is not in the corner.
func TestTypedTextIsNotInTheCorner(t *testing.T) {
	onStage(t, 80, 24, "", func(r *rig) {
		r.Press("P", "2", "/")
		r.Shows("  /  ")
		r.Press("s")
		r.Lacks("  s  ")
	}, presented)
}
