// Package salvage reads what is left of a damaged store.
//
// SQLite finds a row by the pages that lead to it, and gives up at the first of them that
// is damaged. This package looks at every page by itself: each page with rows says what
// it has, and each table of a store has rows of a form of its own. So it loses no more
// than what is in damaged pages, and needs neither the head of the file nor its index.
//
// A page with rows begins with one of three values. Any other page, such as one with a
// part of a long body, begins with the number of another page, which is never that high.
// So what a sender writes into a body is never taken for a page.
package salvage

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/up42/up42-webhooks/receiver/sqlite/wal"
)

const (
	magic      = "SQLite format 3\x00"
	headerSize = 100 // of the file, at the start of page 1
)

// pages reads the newest version of each page: from the write-ahead log, if it has the
// page, else from the file.
type pages struct {
	file   *os.File
	log    *os.File // nil without a log
	inLog  wal.Pages
	size   int64 // of a page, in bytes
	usable int   // of a page, in bytes
	count  uint32
	// bad is how many pages could not be read at all.
	bad int64
	// reading is called before each read, which its error is that of. May be nil.
	reading func() error
}

// openPages opens a store. The caller closes the pages.
//
// No connection of this process may have the store open: see prepare.go of package
// sqlite.
func openPages(store string, o Options) (p *pages, err error) {
	p = &pages{size: o.PageSize, reading: o.reading}
	if p.file, err = os.Open(store); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.log, err = os.Open(store + "-wal"); errors.Is(err, fs.ErrNotExist) {
		p.log = nil
	} else if err != nil {
		return p, err
	}
	info, err := p.file.Stat()
	if err != nil {
		return p, err
	}
	if p.log != nil {
		if p.inLog, err = wal.ReadPages(p.log, p.size); err != nil {
			return p, err
		}
	}
	if p.inLog.Size != 0 && p.inLog.Size != p.size { // a log of another file
		p.inLog = wal.Pages{}
	}
	p.usable = int(p.size)
	p.count = uint32((info.Size() + p.size - 1) / p.size)
	for n := range p.inLog.Offsets {
		p.count = max(p.count, n)
	}
	return p, nil
}

func (p *pages) close() error {
	err := p.file.Close()
	if p.log != nil {
		err = errors.Join(err, p.log.Close())
	}
	return err
}

// read returns a page. ok is false if it can't be read. The rest of a page that is cut is
// zero.
func (p *pages) read(n uint32, into []byte) (page []byte, ok bool) {
	if n == 0 || n > p.count {
		return nil, false
	}
	if int64(cap(into)) < p.size {
		into = make([]byte, p.size)
	}
	into = into[:p.size]
	clear(into)
	from, at := p.file, int64(n-1)*p.size
	if offset, found := p.inLog.Offsets[n]; found {
		from, at = p.log, offset
	}
	if !p.fill(into, from, at) {
		p.bad++
		return nil, false
	}
	return into, true
}

// tries is how often a page is read that can't be read: a disk may fail for a moment, and a page that
// is not read is lost.
const tries = 3

// fill reads a page. It reports whether it could.
func (p *pages) fill(page []byte, from *os.File, at int64) bool {
	for range tries {
		var err error
		if p.reading != nil {
			err = p.reading()
		}
		if err == nil {
			_, err = from.ReadAt(page, at)
		}
		if err == nil || errors.Is(err, io.EOF) {
			return true
		}
	}
	return false
}

// free returns the pages that SQLite does not use: they still have what was deleted. ok is false if the
// list of them is damaged: then none of them is known to be free.
func (p *pages) free() (free map[uint32]bool, ok bool) {
	free = map[uint32]bool{}
	first, ok := p.read(1, nil)
	if !ok || string(first[:len(magic)]) != magic {
		return nil, false
	}
	next, total := binary.BigEndian.Uint32(first[32:]), binary.BigEndian.Uint32(first[36:])
	for next != 0 {
		page, ok := p.read(next, nil)
		if !ok || free[next] {
			return nil, false
		}
		free[next] = true
		leaves := binary.BigEndian.Uint32(page[4:])
		if int64(leaves) > p.size/4-2 {
			return nil, false
		}
		for i := range leaves {
			free[binary.BigEndian.Uint32(page[8+4*i:])] = true
		}
		next = binary.BigEndian.Uint32(page)
	}
	if uint32(len(free)) != total {
		return nil, false
	}
	return free, true
}
