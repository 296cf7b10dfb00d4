package salvage

import (
	"encoding/binary"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
)

// copies finds events that damage has made of others, such as a copy of a page in which a number was
// changed. A store has a message with one body again only if it has more trust then.
type copies struct {
	found *found
	// seqs has for each event its number, by a hash of its message and its body. The hash is short
	// because there are as many as events: whether it is the same message is read again.
	seqs map[uint64]int64
}

// has notes an event, and reports whether it repeats one that was noted.
func (c *copies) has(e *receiver.Event) bool {
	d := dedup.DeliveryOf(e)
	hash := binary.LittleEndian.Uint64(d.Key[:]) ^ uint64(d.Body)
	if seq, ok := c.seqs[hash]; ok {
		before, err := c.found.delivery(c.found.events[seq])
		if err == nil {
			known := dedup.DeliveryOf(before)
			if known.Key == d.Key && known.Body == d.Body && d.Trust <= known.Trust {
				return true
			}
		}
	}
	c.seqs[hash] = e.Seq
	return false
}
