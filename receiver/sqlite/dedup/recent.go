package dedup

import (
	"encoding/binary"
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// recentLine is a line of the table dedup_recent: the messages of consecutive events.
// Each has its key, a byte with its trust and whether it is raised, and its digest.
type recentLine struct {
	seq  int64 // of the first event
	keys []byte
}

const recentWidth = len(Key{}) + 1 + 8

func (l *recentLine) add(k Key, m Message) {
	flags := byte(m.Trust) << 1
	if m.raised {
		flags |= 1
	}
	l.keys = binary.BigEndian.AppendUint64(append(append(l.keys, k[:]...), flags), uint64(m.Body))
}

// each calls f with each message of the line.
func (l recentLine) each(f func(k Key, m Message)) error {
	if len(l.keys)%recentWidth != 0 {
		return fmt.Errorf("messages from event %d on: %w", l.seq, codec.ErrInvalid)
	}
	seq := l.seq
	for keys := l.keys; len(keys) > 0; keys = keys[recentWidth:] {
		flags, body := keys[len(Key{})], binary.BigEndian.Uint64(keys[len(Key{})+1:])
		f(Key(keys), Message{receiver.Trust(flags >> 1), seq, Digest(body), flags&1 != 0})
		seq++
	}
	return nil
}

func (l recentLine) len() int { return len(l.keys) / recentWidth }
