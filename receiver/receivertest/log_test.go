package receivertest_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// store is what both the log in memory and the durable one are.
type store interface {
	receiver.Log
	receiver.Checkpoints
}

// TestLogAgreesWithTheDurableOne asks both logs the same after the same changes.
func TestLogAgreesWithTheDurableOne(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	durable, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	defer durable.Close()
	memory := receivertest.NewLog()
	for _, l := range []store{durable, memory} {
		fill(t, ctx, l)
	}
	for name, ask := range map[string]func(store) (any, error){
		"counts":          func(l store) (any, error) { return l.Counts(ctx) },
		"events":          func(l store) (any, error) { return l.Events(ctx, receiver.EventQuery{}) },
		"newest":          func(l store) (any, error) { return l.Events(ctx, receiver.EventQuery{Limit: 2}) },
		"oldest":          func(l store) (any, error) { return l.Events(ctx, receiver.EventQuery{Limit: 2, Oldest: true}) },
		"between":         func(l store) (any, error) { return l.Events(ctx, receiver.EventQuery{After: 1, Before: 3}) },
		"since":           func(l store) (any, error) { return l.Events(ctx, receiver.EventQuery{Since: later(2)}) },
		"rejected":        func(l store) (any, error) { return l.Events(ctx, receiver.EventQuery{Rejected: true}) },
		"next":            func(l store) (any, error) { return l.Next(ctx, 1, 2) },
		"rows":            func(l store) (any, error) { return l.Rows(ctx, receiver.RowQuery{}) },
		"one row":         func(l store) (any, error) { return l.Rows(ctx, receiver.RowQuery{Limit: 1}) },
		"jobs":            func(l store) (any, error) { return l.Rows(ctx, receiver.RowQuery{Kind: receiver.Job}) },
		"rows and points": func(l store) (any, error) { return l.Rows(ctx, receiver.RowQuery{Updates: true}) },
		"a row": func(l store) (any, error) {
			r, ok, err := l.Row(ctx, receiver.Key{Kind: receiver.Order, ID: "o1"})
			assert.True(t, ok)
			return r, err
		},
		"no row": func(l store) (any, error) {
			r, ok, err := l.Row(ctx, receiver.Key{Kind: receiver.Order, ID: "none"})
			assert.False(t, ok)
			return r, err
		},
		"failures":   func(l store) (any, error) { return l.Failures(ctx, "") },
		"a reader's": func(l store) (any, error) { return l.Failures(ctx, "b") },
		"progress": func(l store) (any, error) {
			p, ok, err := l.Checkpoint(ctx, "a")
			assert.True(t, ok)
			return p, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := ask(durable)
			require.NoError(t, err)
			got, err := ask(memory)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

func later(minutes int) time.Time {
	return receivertest.Start.Add(time.Duration(minutes) * time.Minute)
}

func fill(t *testing.T, ctx context.Context, l store) {
	t.Helper()
	at := func(minutes int) receivertest.Change { return receivertest.At(later(minutes)) }
	for _, e := range []*receiver.Event{
		receivertest.Order("o1", "PLACED", at(0)),
		receivertest.Job("j1", "RUNNING", at(1), receivertest.As(receiver.Partial)),
		receivertest.Order("o1", "FULFILLED", at(2), receivertest.Named("Kiruna")),
		receivertest.Order("o1", "FULFILLED", at(2)), // a duplicate
		receivertest.Event("asset.ready", "a1", "", at(3), receivertest.Test),
	} {
		_, err := l.Append(ctx, e)
		require.NoError(t, err)
	}
	l.Reject(receivertest.Order("o2", "PLACED", at(4), receivertest.Rejected("stale")))
	for v := receiver.Version(0); ; {
		c, err := l.Counts(ctx)
		require.NoError(t, err)
		if c.Rejected == 1 {
			break
		}
		v, err = l.Wait(ctx, v)
		require.NoError(t, err)
	}
	require.NoError(t, l.SaveCheckpoint(ctx, "a", receiver.Checkpoint{Cursor: 1, Done: []receiver.Span{{First: 3, Last: 3}}}))
	for _, f := range []receiver.Failure{{Reader: "b", Seq: 3}, {Reader: "a", Seq: 2}, {Reader: "b", Seq: 1}, {Reader: "b", Seq: 3, Tries: 5}} {
		f.At = receivertest.Start
		require.NoError(t, l.AddFailure(ctx, f))
	}
	require.NoError(t, l.RemoveFailure(ctx, "b", 1))
}

func TestLogFailsAsAsked(t *testing.T) {
	l := receivertest.NewLog(receivertest.Order("o1", "PLACED"))
	broken := errors.New("a bad sector")
	l.FailTimes(1, broken)
	_, err := l.Counts(t.Context())
	assert.Equal(t, broken, err)
	_, err = l.Counts(t.Context())
	assert.NoError(t, err)

	version, err := l.Wait(t.Context(), 0)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	_, err = l.Wait(t.Context(), version)
	assert.Equal(t, receiver.ErrClosed, err)
	_, err = l.Append(t.Context(), receivertest.Order("o1", "PLACED"))
	assert.Equal(t, receiver.ErrClosed, err)
}

func TestLogDeletes(t *testing.T) {
	l := receivertest.NewLog(receivertest.Order("o1", "PLACED"), receivertest.Order("o2", "PLACED"))
	l.Delete(1)
	events, err := l.Events(t.Context(), receiver.EventQuery{})
	require.NoError(t, err)
	require.Len(t, events, 1)
	assert.EqualValues(t, 2, events[0].Seq)
	c, err := l.Counts(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1, c.Events())
}

// TestEventsAreWhatTheirBodiesSay decodes what the builders encode.
func TestEventsAreWhatTheirBodiesSay(t *testing.T) {
	for _, e := range []*receiver.Event{
		receivertest.Order("o1", "FULFILLED", receivertest.Named("Kiruna"), func(e *receiver.Event) { e.Host, e.Type = "oneatlas", "TASKING" }),
		receivertest.Job("j1", "RUNNING", receivertest.Test, func(e *receiver.Event) { e.Type = "tiling" }),
		receivertest.Event("asset.ready", "a1", "READY"),
	} {
		m, err := receiver.Decode(e.Raw)
		require.NoError(t, err)
		assert.Equal(t, e.Message, m)
	}
}

func TestRowFoldsEvents(t *testing.T) {
	r := receivertest.Row(receivertest.Order("o1", "PLACED"), receivertest.Order("o1", "FULFILLED", receivertest.At(later(1))))
	assert.Equal(t, receiver.Key{Kind: receiver.Order, ID: "o1"}, r.Key)
	assert.Equal(t, receiver.Status("FULFILLED"), r.Status)
	assert.EqualValues(t, 2, r.Events)
}

func TestLogCountsDuplicates(t *testing.T) {
	l := receivertest.NewLog()
	before := l.Reads()
	l.Duplicate(later(1))
	c, err := l.Counts(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1, c.Duplicates)
	assert.Equal(t, later(1), c.LastArrival)
	assert.Equal(t, before+1, l.Reads())
}

func TestNextWaitsForAnEvent(t *testing.T) {
	l := receivertest.NewLog()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got := make(chan []*receiver.Event, 1)
	go func() {
		page, _ := l.Next(ctx, 0, 1)
		got <- page
	}()
	l.Add(receivertest.Order("o1", "PLACED"))
	assert.Len(t, <-got, 1)
	cancel()
	_, err := l.Next(ctx, 1, 1)
	assert.ErrorIs(t, err, context.Canceled)
}
