//go:build !linux

package fileid

func identify(file string) (File, error) { return identifyByStat(file) }
