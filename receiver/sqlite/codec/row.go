package codec

import (
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// A row is stored as two blobs: its state, which lists show, and its status updates,
// which only the next event and the details of the row need.

const (
	stateVersion = 1
	usualState   = 128 // bytes, or less
)

// AppendState appends a row to dst, without its key, its Seq and its status updates.
func AppendState(dst []byte, r *receiver.Row) []byte {
	enc := encoder{slices.Grow(dst, usualState)}
	enc.byte(stateVersion)
	enc.byte(bit(r.Final, 0) | bit(r.Live, 1) | byte(r.Trust)<<2)
	enc.str(string(r.Status))
	enc.str(r.Name)
	enc.str(r.Type)
	enc.str(r.Host)
	enc.time(r.FirstSeen)
	enc.time(r.LastChange)
	enc.uint(uint64(r.Events))
	enc.str(string(r.ShortJourney))
	return enc.b
}

// DecodeState sets in r what AppendState wrote.
func DecodeState(state []byte, r *receiver.Row) error {
	d := decoder{s: string(state)}
	d.version(stateVersion)
	flags := d.byte()
	r.Final, r.Live, r.Trust = flags&1 != 0, flags&2 != 0, receiver.Trust(flags>>2)
	r.Status = receiver.Status(d.str())
	r.Name = d.str()
	r.Type = d.str()
	r.Host = d.str()
	r.FirstSeen = d.time()
	r.LastChange = d.time()
	r.Events = int64(d.uint())
	r.ShortJourney = receiver.ShortJourney(d.str())
	if r.Trust > receiver.FullTrust {
		d.fail()
	}
	return d.err
}
