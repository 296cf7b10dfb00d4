package salvage_test

import (
	"fmt"
	"io"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/salvage"
)

// A disk that fails for a moment loses no page. One that goes on failing does.
func TestAPageThatCanNotBeReadIsReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.db")
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	const events = 20
	for n := range events {
		_, err := l.Append(t.Context(), receivertest.Order(fmt.Sprint("order-", n), "PLACED"))
		require.NoError(t, err)
	}
	require.NoError(t, l.Close())
	reads := 0
	failing := func(good int) salvage.Options {
		reads = 0
		return salvage.Options{PageSize: 8 << 10, Last: events}.WithReading(func() error {
			if reads++; good == 0 || reads%good != 0 {
				return syscall.EIO
			}
			return nil
		})
	}
	r, err := salvage.Export(t.Context(), file, io.Discard, failing(3))
	require.NoError(t, err)
	assert.Equal(t, salvage.Result{Events: events, Recognized: true}, r)
	r, err = salvage.Export(t.Context(), file, io.Discard, failing(0))
	require.NoError(t, err)
	assert.EqualValues(t, events, r.Loss.Events)
	assert.NotZero(t, r.Places)
}
