//go:build unix

package outfile_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

func pipe(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, unix.Mkfifo(name, 0o600))
	return name
}

func TestAPipeIsReadToItsEnd(t *testing.T) {
	name := pipe(t)
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(name, []byte("one\ntwo\n"), 0) }()
	content, err := outfile.Read(name, 100)
	require.NoError(t, err)
	require.NoError(t, <-written)
	assert.Equal(t, "one\ntwo\n", string(content))
}

func TestAPipeWithoutAWriterIsAnError(t *testing.T) {
	name := pipe(t)
	for range 2 {
		_, err := outfile.ReadWithin(name, 100, outfile.Patience{Writer: 50 * time.Millisecond})
		require.EqualError(t, err, name+" is a pipe that nobody writes into: start the program that writes into it, or name a file")
	}
}

func TestAPipeThatDoesNotEndIsAnError(t *testing.T) {
	name := pipe(t)
	w, err := os.OpenFile(name, os.O_RDWR, 0)
	require.NoError(t, err)
	defer w.Close()
	_, err = w.WriteString("one")
	require.NoError(t, err)
	_, err = outfile.ReadWithin(name, 100, outfile.Patience{End: 50 * time.Millisecond})
	require.ErrorContains(t, err, "is a pipe that does not end: end the program that writes into it")
	_, err = w.Write(make([]byte, 200))
	require.NoError(t, err)
	_, err = outfile.ReadWithin(name, 100, outfile.Patience{End: 50 * time.Millisecond})
	require.ErrorContains(t, err, "has more than")
}

// An open pipe, as <(program) is in a shell, has an end of its own, also if it is empty.
func TestAnOpenPipeMayBeEmpty(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	require.NoError(t, w.Close())
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(filepath.Join("/dev/fd", itoa(r)), link))
	content, err := outfile.Read(link, 100)
	require.NoError(t, err)
	assert.Empty(t, content)
}

func TestATerminalIsNotRead(t *testing.T) {
	master, tty, err := pty.Open()
	require.NoError(t, err)
	defer master.Close()
	defer tty.Close()
	for _, name := range []string{tty.Name(), filepath.Join("/dev/fd", itoa(tty))} {
		_, err = outfile.Read(name, 100)
		require.EqualError(t, err, name+" is a terminal: name a file, or a pipe that ends")
	}
}

func TestDevicesAreReadUpToALimit(t *testing.T) {
	content, err := outfile.Read("/dev/null", 100)
	require.NoError(t, err)
	assert.Empty(t, content)
	_, err = outfile.Read("/dev/zero", 100)
	assert.ErrorContains(t, err, "has more than")
}

func itoa(f *os.File) string { return strconv.FormatUint(uint64(f.Fd()), 10) }
