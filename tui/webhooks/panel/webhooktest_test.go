package panel_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/webhooks"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestRoundTrip(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		release := s.UP42.Hold("test")
		s.Press("t")
		s.Shows("asking UP42", "◐ sent → ○ arrived")
		s.Press("t")
		s.Says("? testing monitor is under way")
		s.Press("H")
		s.Says("? headers are pinned after a test")
		release()
		s.Settle()
		s.Shows("It works: 2 of 2", "H pins this list")
		s.Press("H")
		s.Says("? H again pins date, digest: any other signature is rejected")
		assert.Empty(t, s.Pinned)
		s.Press("H")
		s.Says("pinned in config.yaml")
		assert.Equal(t, []string{"date", "digest"}, s.Pinned)
		s.Shows("that list is pinned", "pinned in config.yaml. To undo it, take components out")
		s.Press("H")
		s.Says("? a list is pinned already: date, digest")
		s.Press("esc")
		s.Advance(12 * time.Second)
		s.Shows("✓ 2/2 10s")
	}, pagetest.Two)
}

func TestRoundTripWithoutAPin(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("t")
		s.Lacks("H pins")
		s.Press("H")
		s.Says("? headers can't be pinned here")
	}, pagetest.Two, func(_ *pagetest.Screen, o *webhooks.Options) { o.Pin = nil })
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("t", "H", "H")
		s.Says("! could not pin: read-only")
	}, pagetest.Two, func(_ *pagetest.Screen, o *webhooks.Options) {
		o.Pin = func([]string) (string, error) { return "", errors.New("read-only") }
	})
}

func TestRoundTripThatIsGivenUp(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		release := s.UP42.Hold("test")
		s.Press("t", "esc")
		s.Says("gave up testing monitor")
		s.Shows("The test was given up")
		release()
		s.Press("t")
		s.Shows("It works")
		s.Press("esc")
		s.Shows("staging")
	}, pagetest.Two)
}

func TestRoundTripThatDoesNotArrive(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Deliver = func(e *receiver.Event) {
			e.MessageID, e.Raw = "another", nil
			if e.Name == receiver.JobStatus {
				e.Verdict = receiver.Rejected
			}
		}
		s.Press("t")
		s.Shows("◐ arrived", "waiting for what UP42 sent")
		s.Advance(20 * time.Second)
		s.Says("! monitor: 0 of 2")
		s.Shows("✓ sent → ✕ arrived")
		s.Press("esc")
		s.Shows("✕ 0/2 <10s")
	}, pagetest.Two)
}

func TestPinningAsks(t *testing.T) {
	pagetest.Run(t, 60, 19, func(s *pagetest.Screen) {
		s.Press("t", "H")
		s.Advance(5 * time.Second)
		s.Press("H")
		s.Says("? H again pins date, digest")
		s.Press("esc", "H")
		s.Says("? H again pins date, digest")
		s.Press("H")
		assert.Equal(t, []string{"date", "digest"}, s.Pinned)
		s.ShowsWords("longer than a footer has room for, to the end of it. To undo it, take components out")
		s.Press("down")
		s.Lacks("longer than")
	}, pagetest.Two, func(s *pagetest.Screen, o *webhooks.Options) {
		o.Pin = func(list []string) (string, error) {
			s.Pinned = list
			return "pinned, and written into a file with a name that is longer than a footer has room for, to the end of it", nil
		}
	})
}

func TestPanelShowsTheCurrentName(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("t", "e", "!", "ctrl+s", "enter")
		s.Shows("Test of monitor!")
		s.UP42.Change(pagetest.Mine.ID, func(w *client.Webhook) { w.Name = "renamed" })
		release := s.UP42.Hold("test")
		s.Press("t", "r")
		s.Shows("Test of renamed")
		release()
		s.Settle()
		s.Says("renamed works")
	}, pagetest.Two)
}

func TestUndeliveredTestEndsSoon(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.UP42.Undelivered = "Test request failed: connection refused"
		s.Press("t")
		s.Shows("✕ sent → ○ arrived", "waiting")
		s.Advance(5 * time.Second)
		s.Says("! monitor: 0 of 2")
		s.Lacks("waiting")
		s.Press("esc")
		s.Shows("✕ not sent")
	}, pagetest.Two)
}
