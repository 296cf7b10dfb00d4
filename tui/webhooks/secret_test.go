package webhooks_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/webhooks"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

func TestSecretsShowOnlyWhenAskedAndNotForLong(t *testing.T) {
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("v")
		s.Shows("the-first-secret", "hidden again in 10s")
		s.Advance(9 * time.Second)
		s.Shows("the-first-secret", "hidden again in 1s")
		s.Advance(time.Second)
		s.Lacks("the-first-secret")
		s.Press("v", "1")
		s.Lacks("the-first-secret")
		s.Press("v", "esc")
		s.Lacks("the-first-secret")
		s.Press("v", "v")
		s.Lacks("the-first-secret")
		s.Press("v")
		s.Shows("the-first-secret", "hidden again in 10s")
		s.Press("esc")
		s.Press("Y")
		s.Says("copied the secret of monitor")
		s.Press("y")
		s.Says("copied " + pagetest.Mine.ID)
		assert.Equal(t, []string{"the-first-secret", pagetest.Mine.ID}, s.Copied)
		s.Page.End()
		s.Press("v")
		s.Says("? staging orders has no secret")
		s.Press("Y")
		s.Says("? nothing to copy: staging orders has no secret")
	}, pagetest.Two)
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("y")
		s.Says("? nothing to copy to")
	}, pagetest.Two, func(_ *pagetest.Screen, o *webhooks.Options) { o.Copy = nil })
	pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
		s.Press("Y")
		s.Says("! could not copy: no terminal")
	}, pagetest.Two, func(_ *pagetest.Screen, o *webhooks.Options) {
		o.Copy = func(string) error { return errors.New("no terminal") }
	})
}
