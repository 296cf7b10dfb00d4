//go:build unix

package dashboard

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLogFileIsPrivateAndAppends(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state", "up42hooks.log")
	for _, word := range []string{"first", "second"} {
		l, err := openLogFile(name)
		require.NoError(t, err)
		slog.New(slog.NewTextHandler(l, nil)).Info(word)
		require.NoError(t, l.Close())
	}
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Regexp(t, `(?s)msg=first.*msg=second`, string(text))
	info, err := os.Stat(name)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// A link to the log stays, and what is no regular file is not renamed.
func TestWhatIsNoFileIsNotRotated(t *testing.T) {
	dir := t.TempDir()
	there, link, pipe := filepath.Join(dir, "there.log"), filepath.Join(dir, "link.log"), filepath.Join(dir, "pipe")
	require.NoError(t, os.Symlink("there.log", link))
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	line := []byte(strings.Repeat("x", maxLogFile*3/4) + "\n")
	write := func(name string) {
		l, err := openLogFile(name)
		require.NoError(t, err)
		for range 2 {
			_, err := l.Write(line)
			require.NoError(t, err)
		}
		require.NoError(t, l.Close())
	}
	write(link)
	for _, f := range []string{there, there + ".old"} {
		info, err := os.Lstat(f)
		require.NoError(t, err)
		assert.Equal(t, int64(len(line)), info.Size(), f)
	}
	target, err := os.Readlink(link)
	require.NoError(t, err)
	assert.Equal(t, "there.log", target)

	_, err = openLogFile(pipe)
	require.ErrorContains(t, err, "is read by nobody")
	reader, err := os.OpenFile(pipe, os.O_RDWR, 0)
	require.NoError(t, err)
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.CopyN(io.Discard, reader, int64(2*len(line)))
	}()
	write(pipe)
	<-read
	require.NoError(t, reader.Close())
	info, err := os.Lstat(pipe)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeNamedPipe)
}

func TestLogFileIsRotated(t *testing.T) {
	name := filepath.Join(t.TempDir(), "up42hooks.log")
	l, err := openLogFile(name)
	require.NoError(t, err)
	line := []byte(strings.Repeat("x", maxLogFile/2) + "\n")
	for range 4 {
		_, err := l.Write(line)
		require.NoError(t, err)
	}
	require.NoError(t, l.Close())
	for _, f := range []string{name, name + ".old"} {
		info, err := os.Stat(f)
		require.NoError(t, err)
		assert.Equal(t, int64(len(line)), info.Size(), f)
	}
	_, err = l.Write(line)
	assert.Error(t, err, "closed")
}
