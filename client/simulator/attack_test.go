package simulator_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestAReceiverRejectsAttacks(t *testing.T) {
	r := newRig(t, simulator.Options{Seed: 1, Speed: 200})
	log, url := newReceiver(t, "hush")
	for _, kind := range []simulator.Attack{simulator.Stale, simulator.Replayed} {
		require.ErrorIs(t, r.sim.Attack(t.Context(), url, kind), simulator.ErrNotYet)
	}
	r.register(url, "hush")
	require.ErrorIs(t, r.sim.Attack(t.Context(), url, simulator.Replayed), simulator.ErrNotYet)
	require.Error(t, r.sim.Attack(t.Context(), url, "other"))

	// Run until a few deliveries are taken.
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.sim.Run(ctx) }()
	_, err := log.Next(t.Context(), 3, 1)
	require.NoError(t, err)
	stop()
	require.NoError(t, <-ended)

	before, err := log.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, before.Events(), before.Verified)
	for _, kind := range simulator.Attacks() {
		require.NoError(t, r.sim.Attack(t.Context(), url, kind))
	}
	reasons, want := map[receiver.Reason]bool{}, map[receiver.Reason]bool{
		signature.SignatureMismatch: true, signature.DigestMismatch: true, signature.Stale: true, signature.ComponentMalformed: true, signature.MissingSignature: true,
	}
	patient, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for v := receiver.Version(0); len(reasons) < len(want); { // they are stored a moment after the answer
		v, err = log.Wait(patient, v)
		require.NoError(t, err)
		rejected, err := log.Events(t.Context(), receiver.EventQuery{Rejected: true})
		require.NoError(t, err)
		for _, e := range rejected {
			reasons[e.Reason] = true
		}
	}
	assert.Equal(t, want, reasons)
	after, err := log.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, before.Duplicates+1, after.Duplicates)
}
