package sqlite_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// disk is what is on a disk after a power cut.
type disk struct {
	names  map[string]*diskFile // as programs see them
	synced map[string]*diskFile // that are durable
	moved  []naming             // that are not durable, in their order
	lost   int                  // writes that are not or only partly on the disk
}

// naming gives files names, or takes names from them, all at once.
type naming map[string]*diskFile

type diskFile struct {
	content []byte
	end     int64 // where the next write without a place goes
	// writes are those that no sync has made durable, in their order.
	writes []call
}

// newDisk returns a disk with files that are durable.
func newDisk(files map[string][]byte) *disk {
	d := &disk{names: map[string]*diskFile{}, synced: map[string]*diskFile{}}
	for path, content := range files {
		d.names[path] = &diskFile{content: slices.Clone(content)}
	}
	maps.Copy(d.synced, d.names)
	return d
}

// replay returns a disk as it may be if the power fails after the calls.
func replay(d *disk, calls []call, random *rand.Rand) *disk {
	for i := range calls {
		c := &calls[i]
		switch {
		case c.ended && c.fails:
		case c.ended:
			d.end(c, i)
		case isWrite(c) && d.names[c.path] != nil:
			d.begin(c, i)
		}
	}
	d.cut(random)
	return d
}

func isWrite(c *call) bool { return c.name == "pwrite64" || c.name == "write" || c.name == "ftruncate" }

// begin notes a write that may be on the disk from now on.
func (d *disk) begin(c *call, at int) {
	f, w := d.names[c.path], *c
	w.began = at
	if c.name == "write" {
		w.at = f.end
		f.end += int64(len(w.data))
	}
	f.writes = append(f.writes, w)
}

// end notes what a call has done.
func (d *disk) end(c *call, at int) {
	switch {
	case isWrite(c):
		if f := d.names[c.path]; f != nil {
			f.done(c.began, at)
		}
	case c.name == "fsync":
		d.sync(c)
	case c.makes:
		d.open(c, at)
	case strings.HasPrefix(c.name, "unlink"):
		d.rename(naming{c.path: nil})
	case strings.HasPrefix(c.name, "link"):
		d.rename(naming{c.to: d.names[c.path]})
	case strings.HasPrefix(c.name, "rename"):
		d.rename(naming{c.to: d.names[c.path], c.path: nil})
	}
}

func (d *disk) open(c *call, at int) {
	if d.names[c.path] == nil {
		d.rename(naming{c.path: &diskFile{}})
	}
	if f := d.names[c.path]; c.empties {
		f.end = 0
		f.writes = append(f.writes, call{name: "ftruncate", ended: true, finished: at})
	}
}

func (d *disk) rename(n naming) {
	maps.Copy(d.names, n)
	d.moved = append(d.moved, n)
}

// sync makes durable what was there when the call began: the content of a file, or the
// names in a folder.
func (d *disk) sync(c *call) {
	if f := d.names[c.path]; f != nil {
		f.sync(c.began)
		return
	}
	for path, f := range d.names {
		if filepath.Dir(path) == c.path {
			d.synced[path] = f
		}
	}
	for _, n := range d.moved {
		maps.DeleteFunc(n, func(path string, _ *diskFile) bool { return filepath.Dir(path) == c.path })
	}
}

// sync makes durable what was written before a call. A write that had not ended when the
// call began may not be durable.
func (f *diskFile) sync(began int) {
	rest := f.writes[:0:0]
	for _, w := range f.writes {
		if w.ended && w.finished < began {
			f.apply(w)
		} else {
			rest = append(rest, w)
		}
	}
	f.writes = rest
}

func (f *diskFile) done(began, at int) {
	for i := range f.writes {
		if f.writes[i].began == began {
			f.writes[i].ended, f.writes[i].finished = true, at
		}
	}
}

func (f *diskFile) apply(w call) {
	if w.name == "ftruncate" {
		f.grow(w.at)
		f.content = f.content[:w.at:w.at]
		return
	}
	f.grow(w.at + int64(len(w.data)))
	copy(f.content[w.at:], w.data)
}

func (f *diskFile) grow(n int64) {
	if more := n - int64(len(f.content)); more > 0 {
		f.content = append(f.content, make([]byte, more)...)
	}
}

// sector is how many bytes a disk writes completely or not at all.
const sector = 512

// cut decides at random which names, and which sectors of the writes, are on the disk of
// those that were not synced.
func (d *disk) cut(random *rand.Rand) {
	for _, n := range d.moved {
		if random.IntN(2) == 0 {
			maps.Copy(d.synced, n)
		}
	}
	torn := map[*diskFile]bool{nil: true}
	for _, f := range d.synced {
		if !torn[f] {
			torn[f] = true
			d.lost += f.tear(random)
		}
	}
}

// tear decides which sectors of the writes are on the disk, and returns how many writes are
// not, or not wholly. A disk writes in any order, and so does the system: whole writes may
// be missing before others, or the last ones, or single sectors.
func (f *diskFile) tear(random *rand.Rand) (lost int) {
	likely, each := []int{0, 1, 4, 8, 12, 15, 16}[random.IntN(7)], random.IntN(3)
	last := random.IntN(len(f.writes) + 1)
	there := func() bool { return random.IntN(16) < likely }
	for i, w := range f.writes {
		all, keep := there(), there
		switch each {
		case 0: // each write wholly or not at all
			keep = func() bool { return all }
		case 1: // in their order, up to one that is torn
			keep = func() bool { return i < last || i == last && there() }
		}
		if !f.applySome(w, keep) {
			lost++
		}
	}
	return lost
}

// applySome applies the sectors of a write that are on the disk. It reports whether all are.
func (f *diskFile) applySome(w call, there func() bool) (whole bool) {
	if w.name == "ftruncate" {
		if whole = there(); whole {
			f.apply(w)
		}
		return whole
	}
	whole = true
	for from := 0; from < len(w.data); {
		next := min(len(w.data), from+sector-int(w.at+int64(from))%sector)
		if there() {
			f.apply(call{name: w.name, at: w.at + int64(from), data: w.data[from:next]})
		} else {
			whole = false
		}
		from = next
	}
	return whole
}

// copyTo writes the files of one folder into another, without the shared memory.
func (d *disk) copyTo(t *testing.T, from, to string) {
	t.Helper()
	for path, f := range d.synced {
		name, inside := strings.CutPrefix(path, from+string(filepath.Separator))
		if !inside || f == nil || strings.HasSuffix(name, "-shm") {
			continue
		}
		require.NoError(t, os.WriteFile(filepath.Join(to, name), f.content, 0o600))
	}
}
