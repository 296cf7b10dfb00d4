package sqlite

// WithPragmas adds pragmas to each connection that writes.
func (o Options) WithPragmas(f func() []string) Options {
	o.pragmas = f
	return o
}

// WithFresh sets how many messages gather before they move to their tree.
func (o Options) WithFresh(n int) Options {
	o.maxFresh = n
	return o
}

// SchemaVersion and ApplicationID are the file's marks.
const (
	SchemaVersion = schemaVersion
	ApplicationID = applicationID
)

// Migration is the script that brings a store from a version to the next.
func Migration(from int) string { return migrations[from] }
