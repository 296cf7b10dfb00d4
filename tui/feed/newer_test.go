package feed_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// newer is a log in which a newer version has stored verdicts of its own.
type newer struct{ receiver.Reader }

func (n newer) Events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	events, err := n.Reader.Events(ctx, q)
	for i, e := range events {
		c := *e
		switch {
		case q.Rejected:
			c.Verdict = receiver.Verified
		case e.Seq%2 == 0:
			c.Verdict = receiver.Rejected
		default:
			c.Verdict = receiver.Unknown
		}
		events[i] = &c
	}
	return events, err
}

// What a delivery is listed as, the log decides to which it belongs. Its verdict may be any.
func TestDeliveriesWithStrangeVerdictsAreReadOnce(t *testing.T) {
	events := make([]*receiver.Event, 200)
	for i := range events {
		if events[i] = through("w-1"); i%10 == 0 {
			events[i] = rejected()
		}
	}
	through := func(l *receivertest.Log) receiver.Reader { return newer{l} }
	withinReader(t, through, func(p *shown) {
		p.End()
		p.Do(p.ReadFurther())
		assert.NotContains(t, p.View(), "not read yet")
		assert.Contains(t, p.View(), "unknown")
		assert.Nil(t, p.ReadFurther(), "all that is on the screen is read")
		for _, key := range []int64{2, -2} {
			assert.True(t, p.Select(key))
			p.Do(p.ReadFurther())
			s, _ := p.Subject()
			assert.False(t, s.Unread)
			assert.Equal(t, []any{int64(2), key < 0}, []any{s.Seq, s.Rejected})
		}
	}, events...)
}
