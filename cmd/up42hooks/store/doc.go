// Package store opens the event store, locks it for the process that writes it, and
// has the commands that maintain it.
package store
