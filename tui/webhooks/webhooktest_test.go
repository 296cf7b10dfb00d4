package webhooks_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

func TestRoundTrip(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("test")
		s.press("t")
		s.shows("asking UP42", "◐ sent → ○ arrived")
		s.press("t")
		s.says("? testing monitor is under way")
		s.press("P")
		s.says("? headers are pinned after a test")
		release()
		s.settle()
		s.shows("It works: 2 of 2", "P pins this list")
		s.press("P")
		s.says("? P again pins date, digest: any other signature is refused")
		assert.Empty(t, s.pinned)
		s.press("P")
		s.says("pinned in config.yaml")
		assert.Equal(t, []string{"date", "digest"}, s.pinned)
		s.shows("that list is pinned", "pinned in config.yaml. To undo it, take components out")
		s.press("P")
		s.says("? a list is pinned already: date, digest")
		s.press("esc")
		s.advance(12 * time.Second)
		s.shows("✓ 2/2 12s")
	}, two)
}

func TestRoundTripWithoutAPin(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("t")
		s.lacks("P pins")
		s.press("P")
		s.says("? headers can't be pinned here")
	}, two, func(_ *screen, o *webhooks.Options) { o.Pin = nil })
	within(t, 80, 19, func(s *screen) {
		s.press("t", "P", "P")
		s.says("! could not pin: read-only")
	}, two, func(_ *screen, o *webhooks.Options) {
		o.Pin = func([]string) (string, error) { return "", errors.New("read-only") }
	})
}

func TestRoundTripThatIsGivenUp(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		release := s.api.hold("test")
		s.press("t", "esc")
		s.says("gave up testing monitor")
		s.shows("The test was given up")
		release()
		s.press("t")
		s.shows("It works")
		s.press("esc")
		s.shows("staging")
	}, two)
}

func TestRoundTripThatDoesNotArrive(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.api.deliver = func(e *receiver.Event) {
			e.MessageID, e.Raw = "another", nil
			if e.Name == receiver.JobStatus {
				e.Verdict = receiver.Rejected
			}
		}
		s.press("t")
		s.shows("◐ arrived", "waiting for what UP42 sent")
		s.advance(20 * time.Second)
		s.says("! monitor: 0 of 2")
		s.shows("✓ sent → ✕ arrived")
		s.press("esc")
		s.shows("✕ 0/2 5s")
	}, two)
}

func TestPinningAsks(t *testing.T) {
	within(t, 60, 19, func(s *screen) {
		s.press("t", "P")
		s.advance(5 * time.Second)
		s.press("P")
		s.says("? P again pins date, digest")
		s.press("esc", "P")
		s.says("? P again pins date, digest")
		s.press("P")
		assert.Equal(t, []string{"date", "digest"}, s.pinned)
		s.tells("longer than a footer has room for, to the end of it. To undo it, take components out")
		s.press("down")
		s.lacks("longer than")
	}, two, func(s *screen, o *webhooks.Options) {
		o.Pin = func(list []string) (string, error) {
			s.pinned = list
			return "pinned, and written into a file with a name that is longer than a footer has room for, to the end of it", nil
		}
	})
}

func TestPanelShowsTheCurrentName(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("t", "e", "!", "ctrl+s", "enter")
		s.shows("Test of monitor!")
		s.api.change(mine.ID, func(w *client.Webhook) { w.Name = "renamed" })
		release := s.api.hold("test")
		s.press("t", "r")
		s.shows("Test of renamed")
		release()
		s.settle()
		s.says("renamed works")
	}, two)
}

func TestUndeliveredTestEndsSoon(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.api.undelivered = "Test request failed: connection refused"
		s.press("t")
		s.shows("✕ sent → ○ arrived", "waiting")
		s.advance(3 * time.Second)
		s.says("! monitor: 0 of 2")
		s.lacks("waiting")
		s.press("esc")
		s.shows("✕ not sent")
	}, two)
}
