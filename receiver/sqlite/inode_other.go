//go:build !linux

package sqlite

func identify(file string) (inode, int64, error) { return identifyByStat(file) }
