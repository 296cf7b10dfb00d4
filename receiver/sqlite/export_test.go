package sqlite

// WithPragmas adds pragmas to each connection that writes.
func (o Options) WithPragmas(f func() []string) Options {
	o.pragmas = f
	return o
}

// SchemaVersion and ApplicationID are the file's marks.
const (
	SchemaVersion = schemaVersion
	ApplicationID = applicationID
)
