package secretcheck

import "io/fs"

// isForeign is false: files have the access list of their folder.
func isForeign(fs.FileInfo) bool { return false }
