package remembered_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/remembered"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "events.db.screen")
	none, err := remembered.Read(name)
	require.NoError(t, err)
	assert.Equal(t, remembered.State{}, none)
	s := remembered.State{
		Page: "events", Pane: remembered.Pane{Hidden: true, Width: 70},
		Lists: map[string]remembered.List{"events": {Filter: "is:failed"}, "orders": {Sort: "status"}},
	}
	for range 2 {
		require.NoError(t, s.Write(t.Context(), name))
	}
	read, err := remembered.Read(name)
	require.NoError(t, err)
	assert.True(t, read.Equal(&s))
	assert.False(t, read.Equal(&none))
	info, err := os.Stat(name)
	require.NoError(t, err)
	if runtime.GOOS != "windows" { // where Go makes up the permissions
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	others, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	assert.Len(t, others, 1)
}

func TestWhatCanNotBeUsedIsRefused(t *testing.T) {
	for content, says := range map[string]string{
		"":                             "is damaged",
		"{":                            "is damaged",
		"[]":                           "is damaged",
		"{}":                           "has no version",
		`{"version":99,"page":"jobs"}`: "a newer up42hooks wrote it",
		`{"version":1,"page":7}`:       "is damaged",
		strings.Repeat(" ", 1<<20):     "",
	} {
		name := filepath.Join(t.TempDir(), "screen")
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
		s, err := remembered.Read(name)
		assert.ErrorContains(t, err, says)
		assert.Equal(t, remembered.State{}, s)
	}
	name := filepath.Join(t.TempDir(), "screen")
	long := `{"version":1,"pane":{"width":-7},"lists":{"jobs":{"sort":"id","filter":"` + strings.Repeat("x", 401) + `"}}}`
	require.NoError(t, os.WriteFile(name, []byte(long), 0o600))
	s, err := remembered.Read(name)
	require.NoError(t, err)
	assert.Equal(t, remembered.State{Lists: map[string]remembered.List{"jobs": {Sort: "id"}}}, s)
	_, err = remembered.Read(t.TempDir())
	assert.Error(t, err)
	assert.Error(t, s.Write(t.Context(), filepath.Join(t.TempDir(), "no", "such", "folder")))
}
