package webhooks_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

func TestTurningOffWhatIsInUseAsks(t *testing.T) {
	const question = "? space again turns off monitor: its deliveries stop"
	within(t, 80, 19, func(s *screen) {
		s.press("space")
		s.says(question)
		s.advance(5 * time.Second)
		s.press("space")
		s.says(question)
		s.press("r", "space")
		s.says(question)
		s.press("esc", "space")
		s.says(question)
		assert.True(t, s.api.get(mine.ID).Active)
		s.press("space")
		s.says("monitor is off; space turns it on again")
		s.press("space")
		s.says("monitor is on")
	}, two)
}

func TestTurningOffWhatNobodyUsesDoesNotAsk(t *testing.T) {
	elsewhere := mine
	elsewhere.URL = other.URL
	within(t, 80, 19, func(s *screen) {
		s.p.Saw(elsewhere.ID, s.now().Add(-2*time.Hour))
		s.press("space")
		s.says("monitor is off")
		s.press("space")
		s.says("monitor is on")
		s.p.Saw(elsewhere.ID, s.now().Add(-2*time.Minute))
		s.press("space")
		s.says("? space again turns off monitor")
	}, func(s *screen, _ *webhooks.Options) { s.api.having(elsewhere) })
}

func TestOneWebhooksAnswerIsNotAnothers(t *testing.T) {
	second := mine
	second.ID, second.Name = other.ID, "second"
	within(t, 80, 19, func(s *screen) {
		s.press("space")
		s.p.Move(1)
		s.press("space")
		s.says("? space again turns off second")
		assert.True(t, s.api.get(second.ID).Active)
	}, func(s *screen, _ *webhooks.Options) { s.api.having(mine, second) })
}

func TestSpaceScrollsOverTheList(t *testing.T) {
	for _, keys := range [][]string{{"t", "esc", "enter"}, {"t"}} {
		within(t, 80, 10, func(s *screen) {
			s.press(keys...)
			before := s.view()
			s.press("space", "space", "space")
			assert.NotEqual(t, before, s.view())
			s.shows("stored #2")
			s.press("g")
			assert.Equal(t, before, s.view())
			s.press("pgdown")
			assert.NotEqual(t, before, s.view())
			assert.True(t, s.api.get(mine.ID).Active)
			assert.Equal(t, 0, s.api.asked("update"))
		}, two)
		within(t, 200, 55, func(s *screen) {
			s.press(keys...)
			s.press("space")
			s.says("? all of it can be seen")
			s.press("space")
			assert.Equal(t, 0, s.api.asked("update"))
		}, two)
	}
}

func TestAFormThatWasFilledInIsNotLeftAtOnce(t *testing.T) {
	const question = "? esc again leaves the form: what was typed is lost"
	within(t, 80, 19, func(s *screen) {
		s.press("c", "esc")
		s.shows("staging")
		s.press("c", "!", "esc")
		s.says(question)
		s.shows("up42hooks!")
		s.press("?", "esc")
		s.says(question)
		s.press("esc")
		s.shows("staging")
		s.press("e", "!", "backspace", "esc")
		s.shows("staging")
		for _, change := range [][]string{{"down", "/"}, {"tab", "tab", "space"}, {"tab", "tab", "tab", "n"}, {"tab", "tab", "tab", "tab", "right"}} {
			s.press("e")
			s.press(change...)
			s.press("esc")
			s.says(question)
			s.press("esc")
			s.shows("staging")
		}
	}, two)
}

func TestEscGoesBackFromTheSecret(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("e", "tab", "tab", "tab", "tab", "right", "right", "enter")
		s.shows("Your secret")
		s.press("esc")
		s.shows("▌ Secret", "your own")
		s.press("left", "left", "esc")
		s.shows("staging")
	}, two)
}

func TestAFormWarnsOfWhatWouldComeTwice(t *testing.T) {
	const all = "monitor already sends these events there: each would come twice"
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.shows(all)
		s.lacks("once this is on")
		s.press("tab", "tab", "space")
		s.shows(all)
		s.press("tab", "n")
		s.tells(all + ", once this is on")
		s.press("y", "shift+tab", "shift+tab")
		s.retype("https://hooks.example.com/another")
		s.lacks("twice")
		s.press("ctrl+s")
		s.says("created up42hooks")
		s.press("d", "up42hooks", "enter")
	}, two)
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.shows("monitor already sends order.status there: each would come twice")
		s.press("esc", "D")
		s.shows("monitor already sends these events there", "once")
	}, func(s *screen, _ *webhooks.Options) {
		one := mine
		one.Events = []string{"order.status"}
		s.api.having(one)
	})
	within(t, 80, 19, func(s *screen) {
		s.press("c")
		s.lacks("twice")
		s.press("esc", "e")
		s.lacks("twice")
	}, func(s *screen, _ *webhooks.Options) {
		off := mine
		off.Active = false
		s.api.having(off)
	})
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

func TestTheSheetHasTheWebhooksPresentName(t *testing.T) {
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

func TestATestThatUP42CouldNotDeliverIsOverSoon(t *testing.T) {
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
