package worker_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/worker"
)

func TestMain(m *testing.M) { testmain.Run(m) }

func TestAWorkerWorks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	w := worker.New(conn.Source(file, conn.ReadWrite, time.Second))
	failure := errors.New("failed")
	for _, want := range []error{nil, failure, nil} {
		assert.False(t, w.Busy())
		w.Start(func(ctx context.Context, c *conn.Conn) error {
			_, err := c.Int(ctx, "SELECT 1")
			return errors.Join(err, want)
		})
		assert.True(t, w.Busy())
		require.ErrorIs(t, <-w.Done(), want)
		w.Ended()
	}
	w.Start(func(ctx context.Context, _ *conn.Conn) error { // it ends with Stop
		<-ctx.Done()
		return ctx.Err()
	})
	require.NoError(t, w.Stop())
	assert.False(t, w.Busy())
	require.NoError(t, w.Stop(), "there is nothing to stop")
}
