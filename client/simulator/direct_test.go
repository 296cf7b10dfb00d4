package simulator_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

const hooks = "https://hooks.example/a"

// stagedWorld is a world that a director moves, and the target of its webhook.
type stagedWorld struct {
	*direct
	target target
	fails  atomic.Bool
}

// staged is a world without orders and jobs that runs, with a webhook for all of its events.
func staged(t *testing.T, test func(d *stagedWorld)) {
	t.Helper()
	bubble(t, func(t *testing.T) {
		d := &stagedWorld{}
		d.target.answer = func(delivery, int) int {
			if d.fails.Load() {
				return 500
			}
			return 200
		}
		d.direct = newDirect(t, simulator.Options{Seed: 1, Empty: true, Transport: &d.target})
		d.register(hooks, bothEvents)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- d.sim.Run(ctx) }()
		defer func() {
			stop()
			assert.NoError(t, <-ended)
		}()
		synctest.Wait()
		test(d)
	})
}

// states are what the target got so far.
func (d *stagedWorld) states() (out []string) {
	synctest.Wait()
	for _, x := range d.target.at("hooks.example") {
		out = append(out, x.state())
	}
	return out
}

func TestADirectorMovesOrdersAndJobs(t *testing.T) {
	t.Parallel()
	staged(t, func(d *stagedWorld) {
		time.Sleep(time.Hour)
		require.Empty(t, d.states(), "nothing happens by itself")
		require.NoError(t, d.sim.Begin("paris", simulator.TaskingOrder))
		require.Error(t, d.sim.Begin("paris", simulator.ArchiveOrder), "a name is given once")
		require.NoError(t, d.sim.Move("paris", "CREATED", "QUOTATION_WAITING_RESPONSE"))
		require.NoError(t, d.sim.Begin("mosaic", simulator.ProcessingJob))
		require.NoError(t, d.sim.Move("mosaic", "RUNNING", ""))
		require.NoError(t, d.sim.Move("paris", "FULFILLED", ""))
		require.Error(t, d.sim.Move("rome", "PLACED", ""), "it was not begun")
		require.Error(t, d.sim.Begin("x", "holiday"))
		assert.Equal(t, []string{"CREATED", "CREATED QUOTATION_WAITING_RESPONSE", "created", "running", "FULFILLED QUOTATION_WAITING_RESPONSE"}, d.states())
	})
}

func TestADirectorHoldsDeliveries(t *testing.T) {
	t.Parallel()
	staged(t, func(d *stagedWorld) {
		for _, hold := range []func(bool){d.sim.Hold, d.sim.SetPaused} {
			before := len(d.states())
			hold(true)
			name := "order " + string(rune('a'+before))
			require.NoError(t, d.sim.Begin(name, simulator.ArchiveOrder))
			require.NoError(t, d.sim.Move(name, "PLACED", ""))
			time.Sleep(time.Hour)
			require.Len(t, d.states(), before)
			hold(false)
			require.Len(t, d.states(), before+2)
		}
	})
}

func TestADirectorHasDeliveriesSentAgain(t *testing.T) {
	t.Parallel()
	staged(t, func(d *stagedWorld) {
		d.fails.Store(true)
		require.NoError(t, d.sim.Begin("a", simulator.ArchiveOrder))
		time.Sleep(10 * time.Second)
		before := len(d.states())
		d.fails.Store(false)
		began := time.Now()
		d.sim.Resend()
		require.Len(t, d.states(), before+1)
		assert.Zero(t, time.Since(began))
	})
}

func TestAStorm(t *testing.T) {
	t.Parallel()
	staged(t, func(d *stagedWorld) {
		require.NoError(t, d.sim.Storm(d.Context(), hooks, 42))
		last := map[string]string{}
		for _, x := range d.target.at("hooks.example") {
			require.NoError(t, verify(x, time.Now()))
			require.NotEqual(t, "successful", last[x.id()], "nothing comes after the last one")
			last[x.id()] = x.Body.Status
		}
		assert.Len(t, d.states(), 42)
		assert.Len(t, last, 9, "five events of each job")
		d.fails.Store(true)
		require.Error(t, d.sim.Storm(d.Context(), hooks, 1))
	})
}
