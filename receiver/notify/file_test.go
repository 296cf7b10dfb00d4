//go:build unix

package notify_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.log")
	within(t, func(t *testing.T, _ *recorder) {
		byDefault, err := notify.File(path, "", "")
		require.NoError(t, err)
		mine, err := notify.File(path, "{rule}: {id}={status} {} {x", "")
		require.NoError(t, err)
		r := run(t, notify.Options{Rules: []notify.Rule{
			{Do: []notify.Action{byDefault}},
			{Name: "second", When: when(t, "status:FAILED"), Do: []notify.Action{mine}},
		}})
		r.log.Add(order("a", "PLACED"))
		after(time.Minute)
		r.log.Add(order("b", "FAILED"))
		after(0)
		r.stop() // it writes what waits
	})
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	first := "2000-01-01T00:00:00Z order a is PLACED\n"
	second, third := "2000-01-01T00:01:00Z order b is FAILED\n", "second: b=FAILED {} {x\n"
	assert.Contains(t, []string{first + second + third, first + third + second}, string(got))
	receivertest.Permissions(t, 0o600, path)
}

func TestPathsThatAreNoPlaceForMessages(t *testing.T) {
	dir := t.TempDir()
	for path, line := range map[string]string{
		filepath.Join(dir, "no", "file"): "", dir: "", filepath.Join(dir, "f"): "{stauts}",
	} {
		_, err := notify.File(path, line, "")
		require.Error(t, err, path)
	}
}

// A pipe gets messages while somebody reads it. Nothing waits for a reader.
func TestMessagesIntoAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	a, err := notify.File(path, "{text}", "")
	require.NoError(t, err)
	require.ErrorContains(t, a.Send(t.Context(), &notify.Message{}), "pipe is read by nobody: start the program that reads it")
	r, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer r.Close()
	require.NoError(t, a.Send(t.Context(), &notify.Message{}))
	got := make([]byte, 100)
	n, err := r.Read(got)
	require.NoError(t, err)
	assert.Equal(t, "\n", string(got[:n]))
}

// Nothing is written into the store, by whatever name: not even opened, as that would end its lock.
func TestAStoreGetsNoMessages(t *testing.T) {
	dir := t.TempDir()
	store, path := filepath.Join(dir, "events.db"), filepath.Join(dir, "messages")
	_, err := notify.File(store, "", store)
	require.EqualError(t, err, store+" is the store itself: name another file")
	_, err = notify.File(store+"-shm", "", store)
	require.ErrorContains(t, err, "belongs to the store")
	a, err := notify.File(path, "{text}", store)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(store, []byte("events"), 0o600))
	require.NoError(t, os.Link(store, path))
	require.ErrorContains(t, a.Send(t.Context(), &notify.Message{}), "is the store itself")
	got, err := os.ReadFile(store)
	require.NoError(t, err)
	assert.Equal(t, "events", string(got))
}
