package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
)

// The events of a stream and the place in it are stored together or not at all.
func TestEventsOfAStreamAndTheirPlace(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	state := streams.State{Name: "UP42", Identity: "made at noon", Joined: time.UnixMicro(1_700_000_000_000_000).UTC()}
	none, err := l.Stream(t.Context(), "UP42")
	require.NoError(t, err)
	assert.Equal(t, streams.State{Name: "UP42"}, none)
	require.NoError(t, l.BeginStream(t.Context(), state, "stream UP42"))
	_, known := checkpoint(t, l, "stream UP42")
	assert.True(t, known)

	e := receivertest.Order("a", "PLACED")
	e.Origin = "another"
	state.Place = 7
	receipts, err := l.AppendStream(t.Context(), state, e)
	require.NoError(t, err)
	assert.Equal(t, []receiver.Receipt{{Seq: 1}}, receipts)
	rejected := receivertest.Order("b", "PLACED", receivertest.Rejected(signature.NoSecret))
	failed := state
	failed.Place = 8
	_, err = l.AppendStream(t.Context(), failed, rejected)
	require.Error(t, err)
	receipts, err = l.AppendStream(t.Context(), state, e)
	require.NoError(t, err)
	assert.True(t, receipts[0].Duplicate)
	require.NoError(t, l.Close())

	l = open(t, file, sqlite.Options{ReadOnly: true})
	got, err := l.Stream(t.Context(), "UP42")
	require.NoError(t, err)
	assert.Equal(t, state, got)
	info, err := l.Info(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []streams.State{state}, info.Streams)
	assert.Zero(t, info.Duplicates, "nobody has sent it twice")
	stored, err := receiver.EventAt(t.Context(), l, 1, false)
	require.NoError(t, err)
	assert.Equal(t, "another", stored.Origin)
	assert.Equal(t, e.Raw, stored.Raw)
}
