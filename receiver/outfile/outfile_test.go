//go:build unix

package outfile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func TestAFileIsReplacedWhenItIsComplete(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	require.NoError(t, outfile.Write(t.Context(), file, text("one")))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	require.NoError(t, os.Chmod(file, 0o640))

	broken := errors.New("broken")
	err = outfile.Write(t.Context(), file, func(w io.Writer) error { return errors.Join(text("half")(w), broken) })
	require.ErrorIs(t, err, broken)
	assert.Equal(t, "one", read(t, file))
	require.NoError(t, outfile.Write(t.Context(), file, text("two")))
	assert.Equal(t, "two", read(t, file))
	info, err = os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode(), "the permissions stay")
	assertAlone(t, file)
}

// A link stays, wherever it leads.
func TestLinksStay(t *testing.T) {
	dir := t.TempDir()
	there, link, second := filepath.Join(dir, "there", "a"), filepath.Join(dir, "link"), filepath.Join(dir, "second")
	require.NoError(t, os.Mkdir(filepath.Dir(there), 0o700))
	require.NoError(t, os.Symlink("there/a", link))
	require.NoError(t, os.Symlink("link", second))
	for _, s := range []string{"new", "replaced"} {
		require.NoError(t, outfile.Write(t.Context(), second, text(s)))
		assert.Equal(t, s, read(t, there))
	}
	f, _, err := outfile.Append(link)
	require.NoError(t, err)
	require.NoError(t, errors.Join(text(", longer")(f), f.Close()))
	assert.Equal(t, "replaced, longer", read(t, there))
	for _, l := range []string{link, second} {
		info, err := os.Lstat(l)
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&os.ModeSymlink)
	}
	assertAlone(t, there)
}

// A pipe and an open file are written into.
func TestWhatIsNoFileIsWrittenInto(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	_, _, err := outfile.Append(pipe)
	require.ErrorContains(t, err, "pipe is read by nobody: start the program that reads it")

	got := make(chan string, 1)
	go func() {
		b, _ := os.ReadFile(pipe)
		got <- string(b)
	}()
	long := strings.Repeat("x", 1<<20)
	require.NoError(t, outfile.Write(t.Context(), pipe, text(long)))
	assert.Equal(t, long, <-got)
	info, err := os.Lstat(pipe)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeNamedPipe)

	f, err := os.Create(filepath.Join(dir, "open"))
	require.NoError(t, err)
	require.NoError(t, text("one ")(f))
	require.NoError(t, outfile.Write(t.Context(), fmt.Sprintf("/dev/fd/%d", f.Fd()), text("two ")))
	require.NoError(t, errors.Join(text("three")(f), f.Close()))
	assert.Equal(t, "one two three", read(t, f.Name()))
}

// Writing into a pipe ends with the context: without a reader, and with one that does not read.
func TestAPipeIsNotAwaitedForEver(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, outfile.Write(ctx, pipe, text("x")), context.Canceled)

	r, err := os.OpenFile(pipe, os.O_RDWR, 0)
	require.NoError(t, err)
	defer r.Close()
	ctx, cancel = context.WithCancel(t.Context())
	err = outfile.Write(ctx, pipe, func(w io.Writer) error {
		if err := text("x")(w); err != nil {
			return err
		}
		cancel()
		return text(strings.Repeat("x", 1<<20))(w)
	})
	require.ErrorIs(t, err, context.Canceled)
}

// A link to nothing is named, and what to do.
func TestALinkToNothing(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink("gone", link))
	_, err := outfile.Read(link, 100)
	require.EqualError(t, err, link+" is a symbolic link to a file that is not there: make that, or name another file")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, os.Symlink(filepath.Join(dir, "no", "gone"), link+"2"))
	_, err = outfile.Read(link+"2", 100)
	require.EqualError(t, err, link+"2 can't be there: there is no folder "+dir+"/no: make it, or name another file")
	require.NoError(t, outfile.Write(t.Context(), link, text("x")), "it is written through")
	content, err := outfile.Read(link, 100)
	require.NoError(t, err)
	assert.Equal(t, "x", string(content))
}

// Each error blames what is to blame, and says what to do.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.NoError(t, os.Symlink("b", filepath.Join(dir, "a")))
	require.NoError(t, os.Symlink("a", filepath.Join(dir, "b")))
	socket := filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer l.Close()
	for name, want := range map[string]string{
		"":                                   "a file has an empty name: name a file",
		dir:                                  dir + " is a folder: name a file in it",
		dir + "/":                            dir + "/ is a folder: name a file in it",
		file + "/x/y":                        file + "/x/y can't be there: " + file + " is a file, not a folder: name another file",
		dir + "/no/x":                        dir + "/no/x can't be there: there is no folder " + dir + "/no: make it, or name another file",
		dir + "/" + strings.Repeat("n", 256): strings.Repeat("n", 256) + " has a name that is too long for the system: name a file with a shorter one",
		dir + "/a":                           dir + "/a leads nowhere: its symbolic links go in a circle: mend them, or name another file",
		"/dev/full":                          "/dev/full can't be written: no space is left on its device: free some there, or name a file elsewhere",
		"/dev/fd/987":                        "/dev/fd/987",
		file + "-wal":                        file + "-wal belongs to " + file + ", if that is a store or a database: name another file",
		file + "-shm":                        "belongs to",
		file + ".lock":                       "belongs to",
		file + "-mark":                       "belongs to",
		socket:                               socket + " is a socket, not a file: name another file",
		"/proc/nothing":                      "/proc/nothing",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		err := outfile.Write(ctx, name, text("x"))
		cancel()
		require.ErrorContains(t, err, want, name)
		known := &outfile.Error{}
		require.ErrorAs(t, err, &known, name)
		assert.NotContains(t, err.Error(), "\n")
	}
	for _, end := range []string{"-wal", "-shm", ".lock", "-mark"} {
		assert.NoFileExists(t, file+end)
		_, _, err := outfile.Append(file + end)
		require.ErrorContains(t, err, "belongs to")
	}
	require.NoError(t, outfile.Write(t.Context(), filepath.Join(dir, "nothing-wal"), text("x")), "it is beside nothing")
	info, err := os.Stat("/dev/full")
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeDevice)
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(b)
}

// assertAlone checks that nothing else is left in the file's folder.
func assertAlone(t *testing.T, file string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestAppendMakesAFileForItsOwnerOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	f, _, err := outfile.Append(file)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
}
