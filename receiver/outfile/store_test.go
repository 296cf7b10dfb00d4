//go:build unix

package outfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
)

// What belongs to a store is neither written nor made, by whatever name.
func TestWhatBelongsToAStoreIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	store := filepath.Join(dir, "events.db")
	put := func(name string) string {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte("x"), 0o600))
		return name
	}
	link := func(make func(a, b string) error, to, name string) string {
		require.NoError(t, make(to, filepath.Join(dir, name)))
		return filepath.Join(dir, name)
	}
	refused := func(name, want string) {
		require.ErrorContains(t, outfile.RefuseStore(name, store), name+" "+want, name)
	}
	refused(store, "is the store itself")
	refused(filepath.Join(dir, "x", "..", "events.db"), "is the store itself")
	refused(link(os.Symlink, store, "soon"), "is the store itself")
	put(store)
	names := []string{filepath.Join(store+beside.Control, "socket"), store + beside.Compacting + beside.Log}
	for _, end := range beside.Ends {
		names = append(names, store+end)
	}
	for _, name := range names {
		refused(name, "belongs to the store")
		_, failed := outfile.Create(name)
		for _, err := range []error{outfile.Write(t.Context(), name, text("x")), outfile.Put(name, nil), outfile.Make(name, true, fill("x")), failed} {
			require.ErrorContains(t, err, "belongs to", name)
		}
		assert.NoFileExists(t, name)
	}
	refused(link(os.Link, store, "hard"), "is the store itself")
	refused(link(os.Link, put(store+beside.Index), "index"), "belongs to the store")
	for _, name := range []string{put(filepath.Join(dir, "log")), filepath.Join(dir, "nothing"), filepath.Join(dir, "no", "folder"), os.DevNull, "", store + "x"} {
		require.NoError(t, outfile.RefuseStore(name, store))
		require.NoError(t, outfile.RefuseStore(name, ""))
	}
	require.NoError(t, outfile.PutOwn(store+beside.Screen, []byte("own")))
}
