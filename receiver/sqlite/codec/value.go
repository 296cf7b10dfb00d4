// Package codec encodes what a store keeps in one blob: what the receiver knows of a
// delivery besides its body, the state of a row, the status updates of a row, lists
// of sequence numbers.
//
// A blob has what no query selects by. Integers are varints, a string has its length
// before it. The first byte is the version of the layout, so that a later program can
// tell old blobs from new ones.
package codec

import (
	"encoding/binary"
	"errors"
	"time"
)

// ErrInvalid says that a blob in the store is not what was written there.
var ErrInvalid = errors.New("a stored value is not valid")

// encoder appends values to b.
type encoder struct{ b []byte }

func (e *encoder) byte(v byte)   { e.b = append(e.b, v) }
func (e *encoder) uint(v uint64) { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) int(v int64)   { e.b = binary.AppendVarint(e.b, v) }

func (e *encoder) str(s string) {
	e.uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) time(t time.Time) {
	e.int(t.Unix())
	e.uint(uint64(t.Nanosecond()))
}

// bit returns a byte in which bit n says whether set is true.
func bit(set bool, n uint) byte {
	if !set {
		return 0
	}
	return 1 << n
}

// decoder reads values from the start of s. The strings that it returns share the
// memory of s. After the first invalid value it returns zero values, and err is set.
type decoder struct {
	s   string
	err error
}

func (d *decoder) fail() {
	d.s, d.err = "", ErrInvalid
}

func (d *decoder) byte() byte {
	if d.s == "" {
		d.fail()
		return 0
	}
	b := d.s[0]
	d.s = d.s[1:]
	return b
}

func (d *decoder) uint() uint64 {
	var v uint64
	for i := 0; i < len(d.s) && i < binary.MaxVarintLen64; i++ {
		b := d.s[i]
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.s = d.s[i+1:]
			return v
		}
	}
	d.fail()
	return 0
}

func (d *decoder) int() int64 {
	v := d.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (d *decoder) str() string {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.fail()
		return ""
	}
	s := d.s[:n]
	d.s = d.s[n:]
	return s
}

func (d *decoder) time() time.Time {
	sec, nsec := d.int(), d.uint()
	if nsec > 999_999_999 {
		d.fail()
	}
	if d.err != nil {
		return time.Time{}
	}
	return time.Unix(sec, int64(nsec)).UTC()
}

// count reads the length of a list. Each element takes at least one byte, so a damaged
// length can't ask for more memory than the blob has.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.fail()
		return 0
	}
	return int(n)
}

// version checks the first byte of a blob.
func (d *decoder) version(want byte) {
	if d.byte() != want {
		d.fail()
	}
}
