//go:build !linux

package store

// lockStore does nothing here: the lock would be one with those of SQLite.
func lockStore(string) (*fileLock, error) { return nil, nil }
