//go:build unix

package forward_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// fullDisk can't save the first checkpoints.
type fullDisk struct {
	receiver.Checkpoints
	left int
}

func (d *fullDisk) SaveCheckpoint(ctx context.Context, reader string, p receiver.Checkpoint) error {
	if d.left--; d.left >= 0 {
		return errors.New("no space left on device")
	}
	return d.Checkpoints.SaveCheckpoint(ctx, reader, p)
}

func TestACheckpointThatCanNotBeSavedIsSavedLater(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		target := newFake(nil)
		r.add(event("a", "PLACED"))
		_, stop := r.run(target, func(o *forward.Options) { o.Checkpoints = &fullDisk{r.log, 5} })
		time.Sleep(10 * time.Second)
		assert.Equal(t, receiver.Checkpoint{Cursor: 1}, r.checkpoint())
		stop()
		assert.Equal(t, []int64{1}, target.list(), "sent once")
	})
}

func TestAFullDiskIsLoggedOnce(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		var out bytes.Buffer
		r.add(event("a", "PLACED"))
		_, stop := r.run(newFake(nil), func(o *forward.Options) {
			o.Checkpoints, o.Logger = &fullDisk{r.log, 100}, slog.New(slog.NewTextHandler(&out, nil))
		})
		time.Sleep(3 * time.Minute)
		stop()
		assert.Equal(t, 1, strings.Count(out.String(), "no space left"))
		assert.Contains(t, out.String(), "the checkpoint can be saved again")
	})
}

// away can't save checkpoints, but remembers them.
type away struct{ receiver.Checkpoints }

func (away) SaveCheckpoint(context.Context, string, receiver.Checkpoint) error {
	return fmt.Errorf("%w: no server", receiver.ErrRemembered)
}

func TestACheckpointThatIsRememberedIsLoggedAsSuchAndOnce(t *testing.T) {
	within(t, func(t *testing.T, r *rig) {
		var out bytes.Buffer
		r.add(event("a", "PLACED"))
		_, stop := r.run(newFake(nil), func(o *forward.Options) {
			o.Checkpoints, o.Logger = away{r.log}, slog.New(slog.NewTextHandler(&out, nil))
		})
		time.Sleep(time.Minute)
		stop()
		assert.Equal(t, 1, strings.Count(out.String(), "the checkpoint waits for the team's servers; it is remembered"))
		assert.NotContains(t, out.String(), "can't save")
		assert.NotContains(t, out.String(), "level=ERROR")
	})
}
