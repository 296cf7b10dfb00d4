package sqlite_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// outcome is what becomes of a reading of the keys of all messages.
type outcome func(context.Context) error

func succeeds(context.Context) error { return nil }

func findsDamage(context.Context) error { return codec.ErrInvalid }

// hangs is a reading that the writer stops.
func hangs(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// readings are readings of keys. Those after the last outcome succeed.
type readings struct{ begun atomic.Int32 }

func (r *readings) options(outcomes ...outcome) sqlite.Options {
	return sqlite.Options{}.WithReading(func(ctx context.Context) error {
		if n := int(r.begun.Add(1)); n <= len(outcomes) {
			return outcomes[n-1](ctx)
		}
		return nil
	})
}

func (r *readings) await(t *testing.T, n int32) {
	t.Helper()
	require.Eventually(t, func() bool { return r.begun.Load() >= n }, time.Minute, time.Millisecond)
}

// Perhaps the log was away for a moment while the keys were read.
func TestKeysThatCanNotBeReadOnceAreReadAgain(t *testing.T) {
	t.Parallel()
	r := &readings{}
	l := newLog(t, r.options(findsDamage, succeeds))
	r.await(t, 2)
	appendAll(t, l, anEvent(t, "m"))
	require.NoError(t, l.Damage())
	assert.True(t, appendAll(t, l, anEvent(t, "m"))[0].Duplicate)
}

func TestKeysThatCanNotBeReadAreDamaged(t *testing.T) {
	t.Parallel()
	r := &readings{}
	l := newLog(t, r.options(findsDamage, findsDamage))
	require.Eventually(t, func() bool { return l.Damage() != nil }, time.Minute, time.Millisecond)
	require.ErrorIs(t, l.Damage(), sqlite.ErrDamaged)
	_, err := l.Append(t.Context(), anEvent(t, "m"))
	assert.ErrorIs(t, err, sqlite.ErrDamaged)
}

// What one connection of the writer can't read does not count against the next one.
func TestEachConnectionMayFailToReadKeysOnce(t *testing.T) {
	t.Parallel()
	r := &readings{}
	l := newLog(t, r.options(findsDamage, hangs, findsDamage, succeeds))
	r.await(t, 2)
	reopen(t, l)
	appendAll(t, l, anEvent(t, "m"))
	require.Eventually(t, func() bool { return r.begun.Load() >= 4 || l.Damage() != nil }, time.Minute, time.Millisecond)
	require.NoError(t, l.Damage())
	assert.True(t, appendAll(t, l, anEvent(t, "m"))[0].Duplicate)
}
