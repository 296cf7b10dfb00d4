// Package diskspace says how much space a disk has.
package diskspace

// Space is the space of a file system, in bytes.
type Space struct {
	// Free is what this user may still use.
	Free, Total int64
}
