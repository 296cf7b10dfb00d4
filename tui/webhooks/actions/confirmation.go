package actions

import (
	"time"

	"github.com/up42/up42-webhooks/tui/note"
)

// confirmTime is how long a key waits to be pressed again.
const confirmTime = 5 * time.Second

// Confirmation lets a key ask before it acts: the user confirms by pressing the
// same key again, as the next key and in time.
type Confirmation struct {
	now func() time.Time
	say note.Say
	// asked is the question of the previous key, asking that of this key.
	asked, asking question
}

type question struct {
	about string
	until time.Time
}

// NextKey must be called for each key, before the key acts.
func (c *Confirmation) NextKey() { c.asked, c.asking = c.asking, question{} }

// Confirmed reports whether the previous key asked about the same, not long ago.
// Otherwise it asks: the words say what the key does when it is pressed again.
func (c *Confirmation) Confirmed(about, words string) bool {
	now := c.now()
	if c.asked.about == about && now.Before(c.asked.until) {
		return true
	}
	c.asking = question{about, now.Add(confirmTime)}
	c.say.Hint(words)
	return false
}
