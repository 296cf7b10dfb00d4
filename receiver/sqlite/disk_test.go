package sqlite_test

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// call is the start of a system call, or its end.
type call struct {
	ended bool
	began int // of an end: the index of the start
	// finished is the index of the end of a write, for a write on the disk.
	finished int
	name     string
	fd       int
	path     string // of the file
	data     []byte
	at       int64 // the offset of a write, the new length of a truncation
	fails    bool
	makes    bool // the call may make the file
}

// readTrace reads what strace wrote. Each system call makes two calls: its start and its
// end.
func readTrace(r io.Reader) (calls []call, err error) {
	under := map[string]int{} // by thread: the start of the call that is not finished
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return calls, nil
		}
		if err != nil {
			return nil, err
		}
		thread, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		if _, end, ok := strings.Cut(rest, " resumed>"); ok && strings.HasPrefix(rest, "<... ") {
			calls = append(calls, endOf(calls, under[thread], end))
			continue
		}
		if !callShape.MatchString(rest) {
			continue // the end of a thread, or a call that strace has not seen from its start
		}
		begin, unfinished := strings.CutSuffix(rest, " <unfinished ...>")
		if !unfinished {
			// strace stopped watching: the end of this call never comes.
			begin, unfinished = strings.CutSuffix(rest, " <detached ...>")
		}
		c, err := parseCall(begin)
		if err != nil {
			return nil, fmt.Errorf("%.200s: %w", line, err)
		}
		under[thread] = len(calls)
		calls = append(calls, c)
		if !unfinished {
			calls = append(calls, endOf(calls, under[thread], rest))
		}
	}
}

func endOf(calls []call, began int, text string) call {
	c := calls[began]
	c.ended, c.began = true, began
	_, result, _ := cutLast(text, " = ")
	c.fails = strings.HasPrefix(result, "-") || strings.HasPrefix(result, "?")
	return c
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// callShape matches the start of a call, whose first argument may be a file. The rest is
// too long for a regular expression.
var callShape = regexp.MustCompile(`^(\w+)\((?:(-?\w+)<([^>]*)>)?`)

func parseCall(s string) (c call, err error) {
	shape := callShape.FindStringSubmatch(s)
	c.name = shape[1]
	if c.name == "fdatasync" {
		c.name = "fsync"
	}
	c.fd, _ = strconv.Atoi(shape[2])
	path, err := unescape(shape[3])
	if err != nil {
		return c, err
	}
	c.path = string(path)
	_, text, _ := strings.Cut(s, `"`)
	text, rest, _ := strings.Cut(text, `"`)
	if c.data, err = unescape(text); err != nil {
		return c, err
	}
	switch c.name {
	case "openat", "unlink", "unlinkat":
		c.path, c.data = string(c.data), nil
		c.makes = strings.Contains(rest, "O_CREAT")
	case "pwrite64", "ftruncate":
		if text == "" {
			rest = s // it has no text, so it is short
		}
		_, last, _ := cutLast(strings.TrimSpace(strings.SplitN(rest, " = ", 2)[0]), ", ")
		c.at, err = strconv.ParseInt(strings.TrimRight(last, ") "), 10, 64)
	}
	return c, err
}

// unescape decodes \x2f\x74…, as strace writes bytes.
func unescape(s string) ([]byte, error) { return hex.DecodeString(strings.ReplaceAll(s, `\x`, "")) }

// disk is what is on a disk after a power cut.
type disk struct {
	files map[string]*diskFile
	lost  int // writes that are not or only partly on the disk
}

type diskFile struct {
	content []byte
	named   bool // its name is durable
	gone    bool // it was removed
	// writes are those that no sync has made durable, in their order.
	writes []call
}

// sector is how many bytes a disk writes completely or not at all.
const sector = 512

// replay returns a disk as it may be if the power fails after the calls.
func replay(t *testing.T, calls []call, random *rand.Rand) *disk {
	t.Helper()
	d := &disk{files: map[string]*diskFile{}}
	for i := range calls {
		c := &calls[i]
		switch {
		case c.ended && c.fails:
		case c.ended && (c.name == "pwrite64" || c.name == "ftruncate"):
			d.file(c.path).done(c.began, i)
		case c.ended && c.name == "fsync":
			d.sync(c)
		case c.ended && c.name == "openat" && c.makes:
			d.file(c.path).gone = false
		case c.ended && (c.name == "unlink" || c.name == "unlinkat"):
			f := d.file(c.path)
			f.gone, f.named = true, false
		case !c.ended && (c.name == "pwrite64" || c.name == "ftruncate"):
			w := *c
			w.began = i
			d.file(c.path).writes = append(d.file(c.path).writes, w)
		case strings.HasPrefix(c.name, "rename"):
			t.Fatal("replay does not know renames")
		}
	}
	for _, f := range d.files {
		d.tear(f, random)
	}
	return d
}

func (d *disk) file(path string) *diskFile {
	if d.files[path] == nil {
		d.files[path] = &diskFile{}
	}
	return d.files[path]
}

// sync makes durable what was there when the call began: the content of a file, or the
// names in a folder.
func (d *disk) sync(c *call) {
	for path, f := range d.files {
		if filepath.Dir(path) == c.path {
			f.named = true
		}
	}
	f := d.file(c.path)
	rest := f.writes[:0:0]
	for _, w := range f.writes {
		// A write that had not ended when the sync began may not be synced.
		if w.ended && w.finished < c.began {
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
		f.content = f.content[:w.at]
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

// tear decides at random which sectors of the writes that were not synced are on the disk.
func (d *disk) tear(f *diskFile, random *rand.Rand) {
	for _, w := range f.writes {
		if w.name == "ftruncate" {
			if random.IntN(2) == 0 {
				f.apply(w)
			}
			continue
		}
		whole := true
		for from := 0; from < len(w.data); {
			next := min(len(w.data), from+sector-int(w.at+int64(from))%sector)
			if random.IntN(2) == 0 {
				f.apply(call{name: w.name, at: w.at + int64(from), data: w.data[from:next]})
			} else {
				whole = false
			}
			from = next
		}
		if !whole {
			d.lost++
		}
	}
	if !f.named {
		// Whether the file was made or removed is not durable.
		f.gone = random.IntN(2) == 0
	}
}

// copyTo writes the files of one folder into another, without the shared memory.
func (d *disk) copyTo(t *testing.T, from, to string) {
	t.Helper()
	for path, f := range d.files {
		name, inside := strings.CutPrefix(path, from+string(filepath.Separator))
		if !inside || f.gone || strings.HasSuffix(name, "-shm") {
			continue
		}
		require.NoError(t, os.WriteFile(filepath.Join(to, name), f.content, 0o600))
	}
}
