package codec

import (
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	updatesVersion = 1
	usualUpdate    = 24 // bytes, or less
)

// AppendUpdates appends the status updates of a row to dst.
//
// Updates are in the order of their time, so times and sequence numbers are stored as
// differences from the update before. A status that has occurred already is stored as
// the number of its first occurrence. An update takes about 15 bytes.
func AppendUpdates(dst []byte, updates []receiver.StatusUpdate) []byte {
	enc := encoder{slices.Grow(dst, usualUpdate*(1+len(updates)))}
	enc.byte(updatesVersion)
	enc.uint(uint64(len(updates)))
	var seen []receiver.Status
	var sec, seq int64
	for i := range updates {
		u := &updates[i]
		nsec := uint64(u.At.Nanosecond())
		micros := nsec%1000 == 0 // as UP42's timestamps are
		enc.byte(bit(u.Final, 0) | bit(micros, 1) | byte(u.Trust)<<2 | bit(u.SubStatus != "", 4))
		enc.int(u.At.Unix() - sec)
		if micros {
			nsec /= 1000
		}
		enc.uint(nsec)
		enc.int(u.Seq - seq)
		seen = encodeStatus(&enc, u.Status, seen)
		if u.SubStatus != "" {
			seen = encodeStatus(&enc, u.SubStatus, seen)
		}
		sec, seq = u.At.Unix(), u.Seq
	}
	return enc.b
}

// encodeStatus writes 0 and the text of a new status, or the number of one seen before,
// counted from 1.
func encodeStatus(enc *encoder, s receiver.Status, seen []receiver.Status) []receiver.Status {
	for i := range seen {
		if seen[i] == s {
			enc.uint(uint64(i + 1))
			return seen
		}
	}
	enc.uint(0)
	enc.str(string(s))
	return append(seen, s)
}

// DecodeUpdates is the inverse of AppendUpdates.
func DecodeUpdates(blob []byte) ([]receiver.StatusUpdate, error) {
	d := decoder{s: string(blob)}
	d.version(updatesVersion)
	n := d.count()
	if n == 0 {
		return nil, d.err
	}
	updates := make([]receiver.StatusUpdate, n)
	var seen []receiver.Status
	var sec, seq int64
	for i := range updates {
		flags := d.byte()
		sec += d.int()
		nsec := d.uint()
		if flags&2 != 0 && nsec < 1e6 {
			nsec *= 1000
		}
		seq += d.int()
		u := &updates[i]
		u.Final, u.Trust, u.Seq = flags&1 != 0, receiver.Trust(flags>>2&3), seq
		u.Status, seen = decodeStatus(&d, seen)
		if flags&16 != 0 {
			u.SubStatus, seen = decodeStatus(&d, seen)
		}
		if nsec >= 1e9 || flags >= 32 {
			d.fail()
		}
		if d.err != nil {
			return nil, d.err
		}
		u.At = time.Unix(sec, int64(nsec)).UTC()
	}
	return updates, nil
}

func decodeStatus(d *decoder, seen []receiver.Status) (receiver.Status, []receiver.Status) {
	n := d.uint()
	switch {
	case n == 0:
		s := receiver.Status(d.str())
		return s, append(seen, s)
	case n <= uint64(len(seen)):
		return seen[n-1], seen
	default:
		d.fail()
		return "", seen
	}
}
