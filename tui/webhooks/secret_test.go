package webhooks_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/webhooks"
)

func TestSecretsShowOnlyWhenAskedAndNotForLong(t *testing.T) {
	within(t, 80, 19, func(s *screen) {
		s.press("v")
		s.shows("the-first-secret", "hidden again in 10s")
		s.advance(9 * time.Second)
		s.shows("the-first-secret", "hidden again in 1s")
		s.advance(time.Second)
		s.lacks("the-first-secret")
		s.press("v", "1")
		s.lacks("the-first-secret")
		s.press("v", "esc")
		s.lacks("the-first-secret")
		s.press("Y")
		s.says("copied the secret of monitor")
		s.press("y")
		s.says("copied " + mine.ID)
		assert.Equal(t, []string{"the-first-secret", mine.ID}, s.copied)
		s.p.End()
		s.press("v")
		s.says("? staging orders has no secret")
		s.press("Y")
		s.says("? nothing to copy: staging orders has no secret")
	}, two)
	within(t, 80, 19, func(s *screen) {
		s.press("y")
		s.says("? nothing to copy to")
	}, two, func(_ *screen, o *webhooks.Options) { o.Copy = nil })
	within(t, 80, 19, func(s *screen) {
		s.press("Y")
		s.says("! could not copy: no terminal")
	}, two, func(_ *screen, o *webhooks.Options) { o.Copy = func(string) error { return errors.New("no terminal") } })
}
