package sqlite

import "github.com/up42/up42-webhooks/receiver"

// WithPragmas adds pragmas to each connection that writes.
func (o Options) WithPragmas(f func() []string) Options {
	o.pragmas = f
	return o
}

// WithRecent sets how many messages gather before they move to their tree.
func (o Options) WithRecent(n int) Options {
	o.maxRecent = n
	return o
}

// WithPruned has f told after each look of retention, and whether there is more.
func (o Options) WithPruned(f func(more bool)) Options {
	o.pruned = f
	return o
}

// SchemaVersion and ApplicationID are the file's marks.
const (
	SchemaVersion = schemaVersion
	ApplicationID = applicationID
)

// Migration is the script that brings a store from a version to the next.
func Migration(from int) string { return migrations[from] }

// KeyOf is the key of an event's message.
func KeyOf(e *receiver.Event) []byte {
	k := keyOf(e)
	return k[:]
}
