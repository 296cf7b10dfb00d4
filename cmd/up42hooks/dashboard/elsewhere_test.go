package dashboard

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

// A viewer that can't find out whether the receiver runs does not take over.
func TestAViewerTakesOverOnlyIfTheReceiverHasEnded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.db")
	there := newElsewhere(&config.Config{Store: file}, nil, store.Holder{PID: 7})
	there.canReceive = func(bool) bool { return true }
	ended := time.Now()
	there.seen = ended

	require.NoError(t, os.Symlink("events.db.lock", file+".lock")) // it leads nowhere
	_, err := there.look(ended.Add(2 * comesBack))
	require.ErrorContains(t, err, "look for the receiver")
	assert.False(t, there.takesOver)

	require.NoError(t, os.Remove(file+".lock"))
	_, err = there.look(ended.Add(3*comesBack - time.Millisecond))
	require.ErrorContains(t, err, "process 7 is gone")
	assert.False(t, there.takesOver, "it may be restarted")
	_, err = there.look(ended.Add(3 * comesBack))
	require.ErrorContains(t, err, "process 7 is gone")
	assert.True(t, there.takesOver)
}
