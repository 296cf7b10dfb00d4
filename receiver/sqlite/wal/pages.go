package wal

import (
	"encoding/binary"
	"io"
	"maps"
)

// Pages says where the newest version of each page is in a log.
type Pages struct {
	// Size is the length of a page, in bytes; 0: the log has no page.
	Size int64
	// Offsets are by the number of the page, from 1.
	Offsets map[uint32]int64
	// Bad is how many frames could not be used.
	Bad int
}

// ReadPages finds the pages of a log that may be damaged. It uses each frame of a
// complete transaction whose own checksum is right, also after frames that are damaged.
// pageSize is for a log that has lost its head.
func ReadPages(r io.ReaderAt, pageSize int64) (Pages, error) {
	p := Pages{Offsets: map[uint32]int64{}}
	h, err := findHeader(r, pageSize)
	if err != nil {
		return p, ignoreEOF(err)
	}
	p.Size = h.pageSize()
	frame := make([]byte, frameHeaderSize+p.Size)
	pending, bad := map[uint32]int64{}, 0 // of a transaction whose end is not read yet
	before := h.sum()
	for at := int64(headerSize); ; at += int64(len(frame)) {
		if _, err := r.ReadAt(frame, at); err != nil {
			return p, ignoreEOF(err)
		}
		f := frameHeader(frame)
		good := f.belongsTo(&h) && before.addFrame(&h, frame) == f.sum()
		if before = f.sum(); !good {
			bad++
			continue
		}
		pending[f.page()] = at + frameHeaderSize
		if f.commits() {
			maps.Copy(p.Offsets, pending)
			clear(pending)
			p.Bad, bad = p.Bad+bad, 0 // frames after the last transaction are of no use
		}
	}
}

// findHeader reads the head of a log. If that is overwritten, it makes one that fits the
// second frame. Then the first frame is lost, since nothing says what its checksum is.
func findHeader(r io.ReaderAt, pageSize int64) (h header, err error) {
	if _, err := r.ReadAt(h[:], 0); err != nil || h.valid() {
		return h, err
	}
	var f frameHeader
	if _, err := r.ReadAt(f[:], headerSize+frameHeaderSize+pageSize); err != nil {
		return h, err
	}
	binary.BigEndian.PutUint32(h[0:], magicLittleEndian)
	binary.BigEndian.PutUint32(h[8:], uint32(pageSize))
	copy(h[16:24], f[8:16])
	return h, nil
}

func ignoreEOF(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}
