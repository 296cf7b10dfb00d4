package sqlite_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// When all of the log is copied into the file, the next transaction begins it again. That is no damage,
// also if a transaction that changes nothing comes between.
func TestALogThatBeginsAgainIsNotDamaged(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{}.WithLogPages(5))
	for i := range 150 {
		appendAll(t, l, delivery(t, orderBody(fmt.Sprint("m", i), "o", "PLACED", start, 20_000), receiver.Verified))
		for range 2 + i%3 {
			require.NoError(t, l.RemoveFailure(t.Context(), "r", 1))
		}
	}
	require.NoError(t, l.Damage())
	requireSound(t, l)
}
