// Package access tells what the user may do with a file or a folder, without doing it.
package access

// Right is what somebody may want to do. Rights can be joined with |.
type Right uint32
