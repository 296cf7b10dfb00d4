//go:build !linux && !darwin

package netfs

func of(string) string { return "" }
