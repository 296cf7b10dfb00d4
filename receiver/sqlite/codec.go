package sqlite

import (
	"encoding/binary"
	"errors"
	"time"
)

// What no query selects by is kept in one value per record: integers as
// varints, strings with their length before them. Each such value starts with
// the version of its layout, so that a later program can tell old ones from new.

// errCodec: a value in the store is not what was written there.
var errCodec = errors.New("a stored value makes no sense")

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

// decoder takes values off s. Strings that it returns share s's memory. After
// the first value that makes no sense it returns zero values, and err is set.
type decoder struct {
	s   string
	err error
}

func (d *decoder) fail() {
	d.s, d.err = "", errCodec
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

// count is a number of things that take at least a byte each, so that a
// damaged count can't ask for more memory than the value itself has.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.fail()
		return 0
	}
	return int(n)
}

// version checks the layout's version, a value's first byte.
func (d *decoder) version(want byte) {
	if d.byte() != want {
		d.fail()
	}
}
