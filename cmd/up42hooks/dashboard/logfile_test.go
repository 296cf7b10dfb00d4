package dashboard

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
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
