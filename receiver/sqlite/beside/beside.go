// Package beside has the names of the files that lie beside a store and belong to it: those of SQLite,
// and those of this program.
package beside

import (
	"path/filepath"
	"strings"
)

// The ends of the names, after that of the store.
const (
	// Log, Index and Journal are files of SQLite: the write-ahead log, its index, and the journal of a
	// database without such a log.
	Log, Index, Journal = "-wal", "-shm", "-journal"
	// Mark is there while a receiver runs and as long as the store is damaged, MarkPart while it is written.
	Mark, MarkPart = "-mark", "-mark.part"
	// Lock says who receives into the store. Control is the folder of the socket for other processes.
	Lock, Control = ".lock", ".control"
	// Tunnel has the webhooks of tunnels, Notices the places up to which messages were sent, Screen the
	// state of the screen.
	Tunnel, Notices, Screen = ".tunnel", ".notices", ".screen"
	// These are stores that are being made. The rest of an earlier try is removed.
	Compacting, Importing, Repairing, Repaired = ".compacting", ".importing", ".repairing", ".repaired"
)

// Ends are all of them.
var Ends = []string{Log, Index, Journal, Mark, MarkPart, Lock, Control, Tunnel, Notices, Screen, Compacting, Importing, Repairing, Repaired}

// Damaged is in the name of a damaged store that a repair has kept, before the time. It is a store like
// others, and belongs to nobody but the user.
const Damaged = ".damaged-"

// StoresOf returns the names that a store would have to which a file belongs, if it is there. It has no
// name for a file that belongs to none.
func StoresOf(file string) (stores []string) {
	if dir := filepath.Dir(file); strings.HasSuffix(dir, Control) {
		stores = append(stores, strings.TrimSuffix(dir, Control))
	}
	for _, end := range Ends {
		if store, ok := strings.CutSuffix(file, end); ok {
			stores = append(append(stores, store), StoresOf(store)...) // a store that is being made has files, too
		}
	}
	return stores
}
