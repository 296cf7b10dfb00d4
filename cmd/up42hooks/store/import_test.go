package store

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// An import shows how much is left if it reads a file, whether that is an argument or standard
// input.
func TestTheSizeOfAnImportIsKnown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "export.jsonl")
	require.NoError(t, os.WriteFile(file, []byte("0123456789"), 0o600))
	stdin, err := os.Open(file)
	require.NoError(t, err)
	defer stdin.Close()
	pipe, w, err := os.Pipe()
	require.NoError(t, err)
	defer pipe.Close()
	defer w.Close()
	sizeOf := func(stdin io.Reader, file string) int64 {
		in, err := openInput(cli.Env{Stdin: stdin}, file)
		require.NoError(t, err)
		defer in.Close()
		return in.size()
	}
	assert.EqualValues(t, 10, sizeOf(nil, file))
	assert.EqualValues(t, 10, sizeOf(stdin, ""))
	_, err = io.ReadFull(stdin, make([]byte, 4)) // standard input is still open, and partly read
	require.NoError(t, err)
	assert.EqualValues(t, 6, sizeOf(stdin, ""))
	assert.Zero(t, sizeOf(pipe, ""))
	assert.Zero(t, sizeOf(strings.NewReader("0123456789"), ""))
}
