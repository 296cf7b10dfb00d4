package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
)

// A file may have the time of a write only when the connection is closed that wrote. That is no write of
// another program, and hides none.
func TestAFileMayHaveANewTimeWhenAConnectionIsClosed(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "events.db")
	require.NoError(t, os.WriteFile(store, []byte("content"), 0o600))
	g, err := guard.New(store, guard.Options{})
	require.NoError(t, err)
	at := time.Now()
	written := func() error {
		at = at.Add(time.Minute)
		return os.Chtimes(store, at, at)
	}
	require.NoError(t, g.Closing(written))
	require.NoError(t, g.Check())
	require.NoError(t, written())
	require.NoError(t, g.Closing(written))
	assert.ErrorAs(t, g.Check(), new(guard.Torn))
	require.NoError(t, g.Close())
}
