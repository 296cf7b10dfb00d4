// Package netfs tells file systems of other machines from those of this one. On them locks,
// shared memory and syncs may not do what a store needs.
package netfs

import (
	"os"
	"path/filepath"
)

// Advice is what to do about a store on such a file system.
const Advice = "choose a file on a local disk with --store, and move the events there with up42hooks store export and import"

// Of returns the name of the network file system that a file is on, such as NFS, or that it
// will be on if it does not exist. It returns "" for a file on this machine, or if that is
// not known.
func Of(file string) string {
	for path := file; ; path = filepath.Dir(path) {
		if _, err := os.Stat(path); err == nil {
			return of(path)
		}
		if path == filepath.Dir(path) {
			return ""
		}
	}
}
