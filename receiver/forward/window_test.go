//go:build unix

package forward_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// places notes from where a log is read.
type places struct {
	receiver.Reader
	after []int64
}

func (p *places) Next(ctx context.Context, after int64, most int) ([]*receiver.Event, error) {
	p.after = append(p.after, after)
	return p.Reader.Next(ctx, after, most)
}

// After a long time in which one event could not be sent, thousands of later ones may be done.
func TestWhatIsDoneIsNotReadAgain(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		for i := range 300 {
			r.add(event(fmt.Sprint(i), "PLACED"))
		}
		r.log.Delete(2, 3)
		r.saveCheckpoint(receiver.Checkpoint{Done: []receiver.Span{{First: 3, Last: 4}, {First: 7, Last: 7}, {First: 103, Last: 298}}})
		target, reader := newFake(nil), &places{Reader: r.log}
		_, stop := r.run(target, func(o *forward.Options) { o.Log = reader })
		time.Sleep(time.Minute)
		stop()
		assert.Equal(t, []int64{0, 298, 300}, reader.after)
		for _, seq := range []int64{1, 5, 6, 8, 102, 299, 300} {
			assert.Equal(t, 1, target.tried(seq), seq)
		}
		assert.Equal(t, 100, target.triedInAll())
		assert.Equal(t, receiver.Checkpoint{Cursor: 300}, r.checkpoint())
	})
}

// saves counts the checkpoints that are saved.
type saves struct {
	receiver.Checkpoints
	times atomic.Int32
}

func (s *saves) SaveCheckpoint(ctx context.Context, reader string, p receiver.Checkpoint) error {
	s.times.Add(1)
	return s.Checkpoints.SaveCheckpoint(ctx, reader, p)
}

func TestACheckpointIsSavedOnlyIfItChanged(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		s := &saves{Checkpoints: r.log}
		_, stop := r.run(newFake(nil), func(o *forward.Options) { o.Checkpoints = s })
		time.Sleep(time.Hour)
		assert.Zero(t, s.times.Load())
		r.add(event("a", "PLACED"))
		time.Sleep(time.Hour)
		assert.EqualValues(t, 1, s.times.Load())
		stop()
		assert.EqualValues(t, 1, s.times.Load())
	})
}
