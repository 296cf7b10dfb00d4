package sqlite

import (
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// A row is kept as its state, which lists show, and its points, which only
// folding in the next event and the details of the row need.

const (
	stateVersion  = 1
	pointsVersion = 1

	usualState, usualPoint = 128, 24 // bytes, or less
)

func appendState(dst []byte, r *receiver.Row) []byte {
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

func decodeState(s string, r *receiver.Row) error {
	d := decoder{s: s}
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

// Points come in the order of their time, so times and places are kept as
// steps from the point before, and a status that occurred already as the number
// of its first occurrence: about 15 bytes a point.
func appendPoints(dst []byte, points []receiver.StatusUpdate) []byte {
	enc := encoder{slices.Grow(dst, usualPoint*(1+len(points)))}
	enc.byte(pointsVersion)
	enc.uint(uint64(len(points)))
	var seen []receiver.Status
	var sec, seq int64
	for i := range points {
		p := &points[i]
		nsec := uint64(p.At.Nanosecond())
		micros := nsec%1000 == 0 // as UP42's timestamps are
		enc.byte(bit(p.Final, 0) | bit(micros, 1) | byte(p.Trust)<<2)
		enc.int(p.At.Unix() - sec)
		if micros {
			nsec /= 1000
		}
		enc.uint(nsec)
		enc.int(p.Seq - seq)
		seen = encodeStatus(&enc, p.Status, seen)
		sec, seq = p.At.Unix(), p.Seq
	}
	return enc.b
}

// encodeStatus writes 0 and the status where it is new, else its number from 1.
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

func decodePoints(s string) ([]receiver.StatusUpdate, error) {
	d := decoder{s: s}
	d.version(pointsVersion)
	n := d.count()
	if n == 0 {
		return nil, d.err
	}
	points := make([]receiver.StatusUpdate, n)
	var seen []receiver.Status
	var sec, seq int64
	for i := range points {
		flags := d.byte()
		sec += d.int()
		nsec := d.uint()
		if flags&2 != 0 && nsec < 1e6 {
			nsec *= 1000
		}
		seq += d.int()
		p := &points[i]
		p.Final, p.Trust, p.Seq = flags&1 != 0, receiver.Trust(flags>>2), seq
		p.Status, seen = decodeStatus(&d, seen)
		if nsec >= 1e9 || p.Trust > receiver.FullTrust {
			d.fail()
		}
		if d.err != nil {
			return nil, d.err
		}
		p.At = time.Unix(sec, int64(nsec)).UTC()
	}
	return points, nil
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

func kindCode(k receiver.Kind) (int64, bool) { return k.Code() }

func kindOf(code int64) receiver.Kind {
	k, _ := receiver.KindOfCode(code)
	return k
}
