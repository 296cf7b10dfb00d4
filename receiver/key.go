package receiver

// Key identifies a row.
type Key struct {
	Kind Kind
	ID   string
}

// maxID is the length in bytes of the longest id that gets a row. UP42's ids are UUIDs
// of 36 bytes. An event with a longer one is stored, but has no row.
const maxID = 1024

func (k Key) usable() bool { return k.Kind != "" && k.ID != "" && len(k.ID) <= maxID }
