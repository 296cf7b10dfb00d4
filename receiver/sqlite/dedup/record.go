package dedup

import (
	"cmp"
	"encoding/binary"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// A record is a key with its message, as both tables have it: 16 bytes of the key, one of
// the trust, eight of the event's number and eight of the digest.
const recordWidth = len(Key{}) + 1 + 8 + 8

func appendRecord(to []byte, k Key, m Message) []byte {
	to = append(append(to, k[:]...), byte(m.Trust))
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(to, uint64(m.Seq)), uint64(m.Body))
}

func messageOf(record []byte) Message {
	b := record[len(Key{}):]
	return Message{receiver.Trust(b[0]), int64(binary.BigEndian.Uint64(b[1:])), Digest(binary.BigEndian.Uint64(b[9:]))}
}

// EachRecord calls f with each message of a line of the tables.
func EachRecord(records []byte, f func(k Key, m Message)) error {
	if len(records) == 0 || len(records)%recordWidth != 0 {
		return codec.ErrInvalid
	}
	for ; len(records) > 0; records = records[recordWidth:] {
		m := messageOf(records)
		if m.Trust > receiver.FullTrust || m.Seq <= 0 {
			return codec.ErrInvalid
		}
		f(Key(records), m)
	}
	return nil
}

// over reports whether a message counts, and not another one with the same key: the one with
// more trust, or else the earlier one.
func (m Message) over(other Message) bool {
	return cmp.Or(cmp.Compare(m.Trust, other.Trust), cmp.Compare(other.Seq, m.Seq)) > 0
}

func hasMoreTrust(a, b []byte) bool { return messageOf(a).over(messageOf(b)) }
