package outfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"

	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

// Target is what the name of a file leads to.
type Target struct {
	// Path is the absolute path without symbolic links. The file need not exist.
	Path string

	name       string
	info       fs.FileInfo // nil if there is no file
	descriptor int         // of this process, or -1
	opened     bool        // it is an open file of a process
}

// Replaceable reports whether the file may be replaced and renamed: it is a regular file, or
// does not exist yet.
func (t *Target) Replaceable() bool {
	return !t.opened && (t.info == nil || t.info.Mode().IsRegular())
}

// maxLinks is how many symbolic links in a row are followed. Linux follows as many.
const maxLinks = 40

// Resolve finds out what a name leads to. Its error is an [*Error].
func Resolve(name string) (*Target, error) {
	if name == "" {
		return nil, &Error{Name: "a file", Problem: "has an empty name", Advice: "name a file"}
	}
	if os.IsPathSeparator(name[len(name)-1]) {
		return nil, Explain(name, syscall.EISDIR)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, Explain(name, err)
	}
	for range maxLinks {
		dir, err := fileid.Real(filepath.Dir(path))
		if err != nil {
			return nil, Explain(name, err)
		}
		t := &Target{Path: filepath.Join(dir, filepath.Base(path)), name: name, descriptor: -1}
		if t.findDescriptor() {
			t.info, err = os.Stat(t.Path)
			return t, Explain(name, err)
		}
		info, err := os.Lstat(t.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return t, nil
		case err != nil:
			return nil, Explain(name, err)
		case info.Mode()&fs.ModeSymlink == 0:
			t.info = info
			return t, nil
		}
		link, err := os.Readlink(t.Path)
		if err != nil {
			return nil, Explain(name, err)
		}
		if path = link; !filepath.IsAbs(link) {
			path = filepath.Join(dir, link)
		}
	}
	return nil, Explain(name, syscall.ELOOP)
}

// descriptors are the names that systems give to open files: those of Linux have the
// process, those of other systems are of this one.
var descriptors = regexp.MustCompile(`^(?:/proc/(\d+)(?:/task/\d+)?/fd|/dev/fd)/(\d+)$`)

// findDescriptor reports whether the path is the name of an open file.
func (t *Target) findDescriptor() bool {
	m := descriptors.FindStringSubmatch(t.Path)
	if m == nil {
		return false
	}
	t.opened = true
	if m[1] == "" || m[1] == strconv.Itoa(os.Getpid()) {
		t.descriptor, _ = strconv.Atoi(m[2])
	}
	return true
}

// databases are the beginnings of the files of an SQLite database: the database itself and
// its write-ahead log.
var databases = [][]byte{[]byte("SQLite format 3\x00"), {0x37, 0x7f, 0x06, 0x82}, {0x37, 0x7f, 0x06, 0x83}}

// checkContent refuses a database: whoever names one to be written has mixed up two files. It opens no
// file that this process has open, for the reason that checkName has.
func (t *Target) checkContent() error {
	if t.opened || t.info == nil || !t.info.Mode().IsRegular() {
		return nil
	}
	if err := t.checkOpen(); err != nil {
		return err
	}
	f, err := os.Open(t.Path)
	if err != nil {
		return nil //nolint:nilerr // it may be written although it can't be read
	}
	defer f.Close()
	head := make([]byte, len(databases[0]))
	n, _ := io.ReadFull(f, head)
	for _, d := range databases {
		if bytes.HasPrefix(head[:n], d) {
			return t.isDatabase()
		}
	}
	return nil
}
