//go:build !linux

package fileid

func identify(file string) (ID, int64, error) { return identifyByStat(file) }
