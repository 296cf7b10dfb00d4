package receiver

import "strings"

// Key identifies a row. Test events have rows of their own: an order or job of which
// both live and test events came has two rows.
type Key struct {
	Kind Kind
	ID   string
	// Test says that the row is made of test events.
	Test bool
}

// maxID is the length in bytes of the longest id that gets a row, maxTaskID that of the
// longest id of a task. UP42's ids are UUIDs of 36 bytes. An event with a longer one is
// stored, but has no row.
const (
	maxID     = 1024
	maxTaskID = maxText
)

func (k Key) usable() bool { return k.Kind != "" && k.ID != "" && len(k.ID) <= maxID }

// maxText is how many bytes of a status, name, type, host or path are kept beside the
// event. UP42's have about twenty; the event itself has all of it.
const maxText = 256

// clip cuts a text that is longer than maxText. It copies the rest, so that the short
// text does not keep the long one in memory.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(strings.Clone(s[:maxText]), "")
}
