// Package sqlitetest helps to test the packages below package sqlite.
package sqlitetest

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Connect makes an empty store and returns a connection that may write to it.
func Connect(t *testing.T) *conn.Conn {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.db")
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	require.NoError(t, l.Close())
	c, err := conn.Open(t.Context(), conn.Source(file, conn.ReadWrite, time.Second))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	require.NoError(t, c.Exec(t.Context(), "PRAGMA synchronous = OFF")) // for speed
	return c
}
