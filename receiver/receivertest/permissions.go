package receivertest

import (
	"io/fs"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Permissions checks the permissions of a file or folder. Windows has access lists instead, so only
// that it exists is checked there.
func Permissions(t testing.TB, want fs.FileMode, name string) {
	t.Helper()
	info, err := os.Stat(name)
	if assert.NoError(t, err) && runtime.GOOS != "windows" {
		assert.Equal(t, want, info.Mode().Perm(), name)
	}
}
