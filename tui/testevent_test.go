package tui_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
)

func TestATestEventToOneself(t *testing.T) {
	var sent []receiver.Kind
	var fails error
	sends := func(o *tui.Options) {
		o.TestEvent = func(_ context.Context, k receiver.Kind) error {
			sent = append(sent, k)
			return fails
		}
	}
	within(t, 80, 24, newMemory, func(s *screen) {
		s.Press("2")
		s.Shows("Press t to send yourself a test event")
		s.Press("t", "1", "t", "3", "t")
		assert.Equal(t, []receiver.Kind{receiver.Order, receiver.Job, receiver.Order}, sent)
		s.ShowsWords("sent a test event about a new order, and the receiver took it")
		fails = errors.New("the receiver has no secret to sign with")
		s.Shows("t send a test event")
		s.Press("t")
		s.ShowsWords("the test event was not accepted: the receiver has no secret")
	}, sends)
	within(t, 80, 24, aDay, func(s *screen) {
		fails, sent = nil, nil
		s.Press("t")
		s.Shows("send yourself a test event?")
		assert.Empty(t, sent)
		s.Press("esc", "t", "enter")
		assert.Len(t, sent, 1)
	}, sends)
	within(t, 80, 24, newMemory, func(s *screen) {
		s.Press("2", "t")
		s.Shows("this screen can't send a test event")
	})
}
