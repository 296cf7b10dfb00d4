package durations_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/overview/durations"
)

// step is an event of an order of a host, some minutes after the start.
func step(host, id string, s receiver.Status, minutes int, changes ...receivertest.Change) *receiver.Event {
	at := receivertest.At(receivertest.Start.Add(time.Duration(minutes) * time.Minute))
	from := func(e *receiver.Event) { e.Host = host }
	return receivertest.Order(id, s, append([]receivertest.Change{at, from}, changes...)...)
}

func read(t *testing.T, log receiver.Reader) *durations.Table {
	t.Helper()
	table, err := durations.Read(t.Context(), log)
	require.NoError(t, err)
	return table
}

func TestTimesOfKnownJourneys(t *testing.T) {
	log := receivertest.NewLog()
	for i := 1; i <= 10; i++ { // 1 to 10 minutes CREATED, then always 30 PLACED
		id := fmt.Sprint("a", i)
		log.Add(
			step("oneatlas", id, "CREATED", 0), step("oneatlas", id, "PLACED", i),
			step("oneatlas", id, "PLACED", i+1), // no change
			step("oneatlas", id, "BEING_FULFILLED", i+30),
		)
	}
	log.Add(
		step("capella", "b", "PLACED", 0), step("capella", "b", "FULFILLED", 9),
		step("capella", "c", "PLACED", 0), step("capella", "c", "SOMETHING NEW", 4), step("capella", "c", "PLACED", 5),
		step("capella", "c", "BEING_FULFILLED", 90, receivertest.As(receiver.Unsigned)), // of less trust
		step("quiet", "d", "PLACED", 0), // has left no status
		step("", "e", "PLACED", 0), step("", "e", "FULFILLED", 9),
	)
	test := func(e *receiver.Event) { e.LiveMode = false }
	log.Add(step("capella", "f", "PLACED", 0, test), step("capella", "f", "FULFILLED", 900, test))

	table := read(t, log)
	assert.False(t, table.Limited)
	const m = time.Minute
	assert.Equal(t, []durations.Line{
		{"oneatlas", "CREATED", 10, 5*m + 30*time.Second, 9 * m},
		{"oneatlas", "PLACED", 10, 30 * m, 30 * m},
		{"capella", "PLACED", 2, 6*m + 30*time.Second, 9 * m},
		{"capella", "SOMETHING_NEW", 1, m, m},
	}, table.Lines)
}

func TestHostsWithMostOrders(t *testing.T) {
	log := receivertest.NewLog()
	for h := range durations.Hosts + 1 {
		for i := range h + 1 {
			host, id := fmt.Sprint("host", h), fmt.Sprint(h, "-", i)
			log.Add(step(host, id, "PLACED", 0), step(host, id, "FULFILLED", 1))
		}
	}
	lines := read(t, log).Lines
	require.Len(t, lines, durations.Hosts)
	assert.Equal(t, "host5", lines[0].Host)
	assert.Equal(t, "host1", lines[4].Host)
}

func TestOnlyTheNewestOrdersAreRead(t *testing.T) {
	log := receivertest.NewLog()
	log.Add(step("old", "old", "PLACED", 0), step("old", "old", "FULFILLED", 1))
	for i := range durations.Orders - 1 {
		log.Add(step("new", fmt.Sprint(i), "PLACED", 1))
	}
	table := read(t, log)
	assert.False(t, table.Limited)
	assert.Len(t, table.Lines, 1)
	log.Add(step("new", "one more", "PLACED", 1))
	table = read(t, log)
	assert.True(t, table.Limited)
	assert.Empty(t, table.Lines)
	log.Fail(assert.AnError)
	_, err := durations.Read(t.Context(), log)
	assert.ErrorIs(t, err, assert.AnError)
}

func TestAnEmptyLogHasNoTimes(t *testing.T) {
	table := read(t, receivertest.NewLog())
	assert.Empty(t, table.Lines)
	assert.False(t, table.Limited)
}
