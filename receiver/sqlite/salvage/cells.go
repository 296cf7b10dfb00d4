package salvage

import (
	"database/sql/driver"
	"encoding/binary"
	"slices"
)

// The kinds of pages that have rows.
const (
	tableLeaf     = 0x0d
	indexLeaf     = 0x0a
	indexInterior = 0x02
)

// maxPayload bounds the length of a row, in bytes. SQLite's own limit is lower.
const maxPayload = 1 << 30

// row is a row of a table or an index.
type row struct {
	leaf   bool  // of a table, with a key
	key    int64 // its place in the table: the value that is stored as NULL
	values []driver.Value
}

// eachCell calls f with the kind of a page and the place of each of its rows. Places that
// can't be right are left out; broken is how many.
func (p *pages) eachCell(n uint32, page []byte, f func(kind byte, at int)) (broken int64) {
	start, head := 0, 8
	if n == 1 {
		start = headerSize
	}
	kind := page[start]
	switch kind {
	case tableLeaf, indexLeaf:
	case indexInterior:
		head = 12
	default:
		return 0
	}
	cells := int(binary.BigEndian.Uint16(page[start+3:]))
	pointers := start + head
	if pointers+2*cells > len(page) {
		return 1
	}
	for i := range cells {
		at := int(binary.BigEndian.Uint16(page[pointers+2*i:]))
		if at < pointers+2*cells || at >= p.usable {
			broken++
			continue
		}
		f(kind, at)
	}
	return broken
}

// readRow reads a row of a page. ok is false if it is damaged.
func (p *pages) readRow(kind byte, page []byte, at int) (r row, ok bool) {
	b := page[at:p.usable]
	if kind == indexInterior {
		if len(b) < 4 {
			return r, false
		}
		b = b[4:]
	}
	length, n := varint(b)
	if n == 0 || length < 0 || length > maxPayload {
		return r, false
	}
	b = b[n:]
	if r.leaf = kind == tableLeaf; r.leaf {
		if r.key, n = varint(b); n == 0 {
			return r, false
		}
		b = b[n:]
	}
	payload, ok := p.payload(b, int(length), r.leaf)
	if !ok {
		return r, false
	}
	r.values, ok = values(payload)
	return r, ok
}

// payload returns the bytes of a row, which may go on in other pages.
func (p *pages) payload(b []byte, length int, leaf bool) ([]byte, bool) {
	most := p.usable - 35
	if !leaf {
		most = (p.usable-12)*64/255 - 23
	}
	if length <= most {
		if length > len(b) {
			return nil, false
		}
		return b[:length], true
	}
	least := (p.usable-12)*32/255 - 23
	local := least + (length-least)%(p.usable-4)
	if local > most {
		local = least
	}
	if local+4 > len(b) {
		return nil, false
	}
	next := binary.BigEndian.Uint32(b[local:])
	all := slices.Clone(b[:local])
	var page []byte
	for len(all) < length {
		var ok bool
		if page, ok = p.read(next, page); !ok {
			return nil, false
		}
		next = binary.BigEndian.Uint32(page)
		all = append(all, page[4:4+min(length-len(all), p.usable-4)]...)
	}
	return all, next == 0
}

// values decodes the columns of a row: integers, blobs, texts and NULL. A store has no
// other values.
func values(b []byte) ([]driver.Value, bool) {
	head, n := varint(b)
	if n == 0 || head < int64(n) || head > int64(len(b)) {
		return nil, false
	}
	types, body := b[n:head], b[head:]
	var out []driver.Value
	for len(types) > 0 {
		t, n := varint(types)
		if n == 0 {
			return nil, false
		}
		types = types[n:]
		v, length, ok := value(t, body)
		if !ok {
			return nil, false
		}
		out, body = append(out, v), body[length:]
	}
	return out, len(body) == 0
}

// value decodes a column of a type.
func value(t int64, b []byte) (v driver.Value, length int, ok bool) {
	switch {
	case t == 0:
		return nil, 0, true
	case t == 8 || t == 9:
		return t - 8, 0, true
	case t >= 1 && t <= 6:
		length = [...]int{0, 1, 2, 3, 4, 6, 8}[t]
		if length > len(b) {
			return nil, 0, false
		}
		n := int64(int8(b[0]))
		for _, c := range b[1:length] {
			n = n<<8 | int64(c)
		}
		return n, length, true
	case t >= 12 && t%2 == 0 && (t-12)/2 <= int64(len(b)):
		length = int((t - 12) / 2)
		return b[:length:length], length, true
	case t >= 13 && (t-13)/2 <= int64(len(b)):
		length = int((t - 13) / 2)
		return string(b[:length]), length, true
	default:
		return nil, 0, false
	}
}

// varint decodes SQLite's integers of 1 to 9 bytes. n is their length, 0 after an error.
func varint(b []byte) (v int64, n int) {
	var u uint64
	for i, c := range b {
		if i == 8 {
			return int64(u<<8 | uint64(c)), 9
		}
		u = u<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return int64(u), i + 1
		}
	}
	return 0, 0
}
