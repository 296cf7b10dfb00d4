// Package fileid identifies files, whatever their names are. A writer asks with each
// transaction whether its files still have their names, and whether anybody else has
// changed them.
package fileid

import (
	"errors"
	"os"
	"syscall"
)

// ID identifies a file on this machine. The zero value is the ID of no file.
type ID struct{ Device, Inode uint64 }

// File is what is known of a file without reading it.
type File struct {
	ID
	// Size is in bytes.
	Size int64
	// Written is when the file was written last, in nanoseconds since 1970.
	// Names is how many names it has: hard links. Only [StatAll] sets them.
	Written int64
	Names   uint64
}

// Stat returns the ID and the size of the file that has a name. Its error is an
// *[os.PathError], as that of [os.Stat].
func Stat(file string) (File, error) { return stat(file, identify) }

// StatAll is like [Stat], and also sets the other fields. After it, the next write to the
// file takes longer; see identify.
func StatAll(file string) (File, error) { return stat(file, identifyByStat) }

func stat(file string, ask func(string) (File, error)) (File, error) {
	for {
		f, err := ask(file)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return File{}, &os.PathError{Op: "stat", Path: file, Err: err}
		}
	}
}
