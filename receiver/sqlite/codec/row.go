package codec

import (
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// A row is stored as two blobs: its state, which lists show, and its status updates,
// which only the next event and the details of the row need.

const (
	stateVersion = 2
	usualState   = 320 // bytes, or less

	// Exports of earlier versions have states without a line. Version 1 has no sub-status and no tasks. It is in older exports only.
	oldStateVersion = 1
)

// AppendState appends a row to dst, without its key and its Seq. Only the line has the status
// updates.
func AppendState(dst []byte, r *receiver.Row) []byte {
	enc := encoder{appendRowLine(slices.Grow(dst, usualState), r)}
	enc.byte(stateVersion)
	enc.byte(bit(r.Final, 0) | byte(r.Trust)<<2)
	enc.str(string(r.Status))
	enc.str(string(r.SubStatus))
	enc.str(r.Name)
	enc.str(r.Type)
	enc.str(r.Host)
	enc.time(r.FirstSeen)
	enc.time(r.LastChange)
	enc.uint(uint64(r.Events))
	enc.str(string(r.ShortJourney))
	encodeTasks(&enc, r)
	return enc.b
}

func encodeTasks(enc *encoder, r *receiver.Row) {
	enc.uint(uint64(len(r.Tasks)))
	for i := range r.Tasks {
		t := &r.Tasks[i]
		enc.byte(bit(t.Final, 0) | byte(t.Trust)<<2)
		enc.str(t.ID)
		enc.str(t.Name)
		enc.str(string(t.Status))
		enc.time(t.FirstSeen)
		enc.time(t.At)
		enc.int(t.Seq)
	}
}

// DecodeState sets in r what AppendState wrote. Of a state of version 1 it also sets
// r.Test, which is a part of the key now.
func DecodeState(state []byte, r *receiver.Row) error {
	d := decoder{s: string(WithoutLine(state))}
	version := d.byte()
	flags := d.byte()
	r.Final, r.Trust = flags&1 != 0, receiver.Trust(flags>>2)
	r.Status = receiver.Status(d.str())
	switch version {
	case stateVersion:
		r.SubStatus = receiver.Status(d.str())
	case oldStateVersion:
		r.Test = flags&2 == 0
	default:
		d.fail()
	}
	r.Name = d.str()
	r.Type = d.str()
	r.Host = d.str()
	r.FirstSeen = d.time()
	r.LastChange = d.time()
	r.Events = int64(d.uint())
	r.ShortJourney = receiver.ShortJourney(d.str())
	if version == stateVersion {
		decodeTasks(&d, r)
	}
	if r.Trust > receiver.FullTrust {
		d.fail()
	}
	return d.err
}

func decodeTasks(d *decoder, r *receiver.Row) {
	n := d.count()
	if n == 0 {
		return
	}
	r.Tasks = make([]receiver.Task, 0, min(n, receiver.MaxTasks))
	for range n {
		flags := d.byte()
		t := receiver.Task{Final: flags&1 != 0, Trust: receiver.Trust(flags >> 2)}
		t.ID = d.str()
		t.Name = d.str()
		t.Status = receiver.Status(d.str())
		t.FirstSeen = d.time()
		t.At = d.time()
		t.Seq = d.int()
		if t.Trust > receiver.FullTrust {
			d.fail()
		}
		if d.err != nil {
			return
		}
		r.Tasks = append(r.Tasks, t)
	}
}
