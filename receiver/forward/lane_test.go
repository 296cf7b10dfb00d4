//go:build unix

package forward_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// Events that wait behind one of their order are not kept in memory: those of others have its room.
func TestEventsBehindOneThatIsRefusedLeaveRoomForOthers(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(func(e *receiver.Event) error {
			if e.ID == "bad" {
				return &forward.Refused{Reason: "no"}
			}
			return nil
		})
		r.add(event("bad", "PLACED"))
		_, stop := r.run(target, func(o *forward.Options) { o.Memory = 10 * event("bad", "PLACED").Size() })
		defer stop()
		time.Sleep(time.Hour) // now it is tried once in some minutes
		for range 100 {
			r.add(event("bad", "PLACED"))
		}
		r.add(event("good", "PLACED"))
		time.Sleep(time.Second)
		assert.Equal(t, []int64{102}, target.list())
	})
}

// readAgain counts events that are read from the store once more.
type readAgain struct {
	receiver.Reader
	times atomic.Int32
}

func (r *readAgain) Events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	r.times.Add(1)
	return r.Reader.Events(ctx, q)
}

// Events of an order that is taken are read once, although they are sent one after the other.
func TestEventsThatAreSentSoonAreReadOnce(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		for range 5 {
			r.add(event("a", "PLACED"))
		}
		reader, took := &readAgain{Reader: r.log}, 0
		_, stop := r.run(send(func(ctx context.Context, _ *receiver.Event) error {
			took++
			return wait(ctx, time.Second)
		}), func(o *forward.Options) { o.Log = reader })
		time.Sleep(time.Minute)
		stop()
		assert.Equal(t, 5, took)
		assert.Zero(t, reader.times.Load())
	})
}
