package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest/straced"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
)

// marking is what a child does that marks a store as damaged.
const marking = "mark"

// That a store is damaged is known after a power cut, too. A mark that is there is not replaced: Windows
// replaces no file that a receiver has open.
func TestTheMarkOfADamagedStoreIsOnDisk(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := filepath.Join(folder, "a.db")
	mark := func() []string {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childFile+"="+store, childDoes+"="+marking)
		return straced.Steps(t, folder, cmd)
	}
	assert.Equal(t, []string{"write a.db-mark.part", "sync a.db-mark.part", "name a.db-mark.part a.db-mark", "sync ."}, mark())
	assert.Empty(t, mark(), "it is noted already")
	receiving(t, store)
	assert.Equal(t, []string{"write a.db-mark", "sync a.db-mark", "sync ."}, mark())
}

// receiving writes the mark that a receiver has.
func receiving(t *testing.T, store string) {
	t.Helper()
	const text = "up42hooks store: a receiver runs, or did not end in order\nstored %020d\nwritten %020d\ninode %d\n"
	require.NoError(t, os.WriteFile(store+guard.Suffix, fmt.Appendf(nil, text, 7, 8, 9), 0o600))
}

func TestAMarkKeepsWhatItHasWhenDamageIsNoted(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "a.db")
	receiving(t, store)
	running, err := os.OpenFile(store+guard.Suffix, os.O_WRONLY, 0) // as a receiver has it
	require.NoError(t, err)
	defer running.Close()
	for _, reason := range []string{"its file\nwas cut", "a later reason"} {
		require.NoError(t, guard.MarkDamaged(store, reason))
	}
	m, ok, err := guard.ReadMark(store)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Regexp(t, "Z: its file was cut$", m.Damage)
	m.Damage = ""
	assert.Equal(t, guard.Mark{Stored: 7, Written: 8, Inode: 9}, m)
}

// A power cut may leave a part of the line about the damage, and the next look notes it again.
func TestDamageIsNotedBehindALineThatWasCut(t *testing.T) {
	t.Parallel()
	for _, left := range []string{"\ndama", "\n\x00\x00\x00\x00"} {
		store := filepath.Join(t.TempDir(), "a.db")
		receiving(t, store)
		f, err := os.OpenFile(store+guard.Suffix, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = f.WriteString(left)
		require.NoError(t, errors.Join(err, f.Close()))
		require.NoError(t, guard.MarkDamaged(store, "a test"))
		m, _, err := guard.ReadMark(store)
		require.NoError(t, err)
		assert.Contains(t, m.Damage, "a test", "%q", left)
		assert.EqualValues(t, 7, m.Stored)
	}
}
