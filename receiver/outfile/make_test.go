//go:build unix

package outfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

func fill(s string) func(string) error {
	return func(temp string) error { return os.WriteFile(temp, []byte(s), 0o600) }
}

func TestMakeReplacesOnlyIfAsked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	require.NoError(t, outfile.Make(file, false, fill("one")))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	err = outfile.Make(file, false, fill("two"))
	require.ErrorIs(t, err, fs.ErrExist)
	require.EqualError(t, err, file+" exists already: name another file")
	assert.Equal(t, "one", read(t, file))
	require.NoError(t, outfile.Make(file, true, fill("two")))
	assert.Equal(t, "two", read(t, file))
	assertAlone(t, file)
}

func TestMakeLeavesWhatBelongsToADatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.db")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, name := range []string{"-wal", "-journal", ".lock"} {
		require.EqualError(t, outfile.Make(file+name, true, fill("x")), file+name+" belongs to "+file+", if that is a store or a database: name another file")
		assert.NoFileExists(t, file+name)
	}
}

func TestMakeKeepsAFileThatCameMeanwhile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	err := outfile.Make(file, false, func(temp string) error { return errors.Join(fill("ours")(temp), fill("theirs")(file)) })
	require.ErrorIs(t, err, fs.ErrExist)
	assert.Equal(t, "theirs", read(t, file))
	assertAlone(t, file)
}

func TestMakeLeavesNothingHalf(t *testing.T) {
	file, broken := filepath.Join(t.TempDir(), "a"), errors.New("broken")
	require.NoError(t, outfile.Make(file, false, fill("one")))
	require.ErrorIs(t, outfile.Make(file, true, func(temp string) error {
		return errors.Join(fill("half")(temp), fill("journal")(temp+"-journal"), broken)
	}), broken)
	assert.Equal(t, "one", read(t, file))
	assertAlone(t, file)
	require.ErrorContains(t, outfile.Make(os.DevNull, true, fill("x")), "is not a file")
	require.ErrorContains(t, outfile.Make(filepath.Join(file, "b"), true, fill("x")), "not a folder")
}
