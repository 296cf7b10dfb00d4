//go:build !linux

package store

import "github.com/gofrs/flock"

// lockStore does nothing here: the lock would be one with those of SQLite.
func lockStore(string) (*flock.Flock, error) { return nil, nil }
