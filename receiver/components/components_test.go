package components_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/components"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestTheNewestVerifiedDeliveriesDecide(t *testing.T) {
	log := receivertest.NewLog()
	add := func(n int, v receiver.Verdict, list ...string) {
		for i := range n {
			log.Add(receivertest.Order(fmt.Sprint(len(list), v, i), "PLACED", func(e *receiver.Event) { e.Verdict, e.Proof.Components = v, list }))
		}
	}
	read := func() components.Seen {
		seen, err := components.Read(t.Context(), log)
		require.NoError(t, err)
		return seen
	}
	assert.Empty(t, read())
	add(2, receiver.Verified, "date", "digest")
	add(30, receiver.Partial, "x")
	_, ok := read().Proposed()
	assert.False(t, ok, "two are not enough, and partial ones don't count")
	add(1, receiver.Verified, "digest")
	assert.Equal(t, "date, digest (2); digest (1)", read().String())
	assert.True(t, read().Differ())
	add(25, receiver.Verified, "date", "digest", "host")
	list, ok := read().Proposed()
	assert.True(t, ok, "what is old no longer counts")
	assert.Equal(t, []string{"date", "digest", "host"}, list)
	assert.Equal(t, 20, read().Deliveries())
}

func TestWhatAListLacks(t *testing.T) {
	assert.Empty(t, components.Lacks([]string{"date", "content-digest"}))
	assert.Contains(t, components.Lacks([]string{"digest"}), "no date")
	assert.Contains(t, components.Lacks([]string{"date"}), "no digest")
	assert.Contains(t, components.Lacks([]string{"host"}), "no digest and no date")
}
