package fileid_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

func TestAFileKeepsItsIDWhenItIsRenamed(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	require.NoError(t, os.WriteFile(a, []byte("12345"), 0o600))
	before, err := fileid.Stat(a)
	require.NoError(t, err)
	assert.EqualValues(t, 5, before.Size)
	assert.NotEqual(t, fileid.ID{}, before.ID)

	require.NoError(t, os.Rename(a, b))
	_, err = fileid.Stat(a)
	require.ErrorIs(t, err, fs.ErrNotExist)
	after, err := fileid.Stat(b)
	require.NoError(t, err)
	assert.Equal(t, before, after)

	require.NoError(t, os.WriteFile(a, nil, 0o600))
	other, err := fileid.Stat(a)
	require.NoError(t, err)
	assert.Zero(t, other.Size)
	assert.NotEqual(t, before.ID, other.ID)
}
