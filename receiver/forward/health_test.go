//go:build unix

package forward_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

func TestATargetOutOfReachIsTriedWithOneEventAtATime(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error { return errors.New("connection refused") })
		for i := range 300 {
			r.add(event(string(rune('a'+i)), "PLACED"))
		}
		_, stop := r.run(target)
		defer stop()
		time.Sleep(time.Hour)
		assert.Less(t, target.triedInAll(), 130, "some at first, then one in 36 to 60 s, however many wait")
		target.heal()
		time.Sleep(time.Minute)
		assert.Len(t, target.list(), 300)
	})
}

func TestAnEventOnWhichTheTargetHangsDelaysNoOther(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		taken := make(chan time.Time, 100)
		r.add(event("bad", "PLACED"))
		_, stop := r.run(send(func(ctx context.Context, e *receiver.Event) error {
			if e.ID == "bad" {
				return errors.Join(wait(ctx, 15*time.Second), errors.New("timeout"))
			}
			taken <- time.Now()
			return nil
		}))
		defer stop()
		for i := range 10 {
			time.Sleep(10*time.Minute + time.Duration(i)*3*time.Second)
			came := time.Now()
			r.add(event(fmt.Sprint("good", i), "PLACED"))
			assert.Less(t, (<-taken).Sub(came), time.Second)
		}
	})
}

func TestATargetThatAsksToWaitIsLeftAlone(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(*receiver.Event) error {
			return &forward.Refused{Reason: "429", After: time.Minute, All: true}
		})
		_, stop := r.run(target, func(o *forward.Options) { o.Parallel = 1 })
		defer stop()
		for i := range 50 {
			r.add(event(fmt.Sprint(i), "PLACED"))
		}
		time.Sleep(10*time.Minute - time.Second)
		assert.Equal(t, 11, target.triedInAll(), "a second event is told so; then it is believed")
	})
}
