package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
)

// The first stores of this version have no tables for admitted events and for streams. A viewer can
// read them, and the first receiver makes the tables.
func TestAStoreOfThisVersionWithoutLaterTables(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	appendAll(t, l, anEvent(t, "m1"))
	rejects(t, l, orderBody("m2", "o2", "PLACED", start, 0))
	require.NoError(t, l.Close())
	change(t, file, "DROP TABLE admitted_events", "DROP TABLE followed_streams")

	viewer := open(t, file, sqlite.Options{ReadOnly: true})
	assert.Len(t, allEvents(t, viewer), 1)
	none, err := viewer.Stream(t.Context(), "UP42")
	require.NoError(t, err)
	assert.Equal(t, streams.State{Name: "UP42"}, none)
	assert.Empty(t, verified(t, viewer).Problems)

	l = open(t, file, sqlite.Options{})
	_, err = l.Admit(t.Context(), goodNow(t, l, 1, start.Add(time.Hour)))
	require.NoError(t, err)
	state := streams.State{Name: "UP42", Identity: "made at noon", Joined: start}
	require.NoError(t, l.BeginStream(t.Context(), state, ""))
	got, err := l.Stream(t.Context(), "UP42")
	require.NoError(t, err)
	assert.Equal(t, state, got)
	newest, err := l.Events(t.Context(), receiver.EventQuery{Limit: 10})
	require.NoError(t, err)
	assert.Len(t, newest, 2)
	assert.Empty(t, verified(t, l).Problems)
}
