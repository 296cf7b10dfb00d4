// Package runs keeps records under random keys in a table, so that new records do not
// scatter over the table.
//
// In a tree with random keys each new key changes a page of its own, and SQLite writes whole
// pages. Here the records that come at about the same time are one run: sorted, in blocks
// that fill a page each. Eight runs are merged into one of the next level, some blocks with
// each transaction, so that there are few runs, and no transaction takes long. A record is
// written once for each level: three times in a table of a million.
//
// A merge needs no note of how far it got. It adds a block to its result, and deletes blocks
// of which the result has all. So each record is in some run at any time, perhaps in two. After
// a crash the half of a result is a run like any other.
package runs

import (
	"bytes"
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Key is a random key, such as a hash.
type Key [16]byte

const (
	// blockBytes is the size from which on a block is full: it fills a page of 8 KiB.
	blockBytes = 8000
	// fanIn is how many runs are merged into one of the next level.
	fanIn     = 8
	maxLevels = 16
	maxSlots  = 256
)

// Runs are the records of a table (id INTEGER PRIMARY KEY, keys BLOB). Each record begins
// with its key. Only one goroutine may use it.
type Runs struct {
	width  int
	better func(a, b []byte) bool
	runs   []run
	merges [maxLevels]*merge // by the level of what is merged
	debt   int               // records that are to be merged
	// filter has the keys that were added since Load, and all if it is complete.
	filter   Keys
	complete bool

	selectRun, selectBlock, selectNext, selectBlocks, selectAll, insertBlock, deleteBlock string
}

// New returns the runs of a table. Records have width bytes. Of two records with the same
// key the better one counts. Load must be called before anything else.
func New(table string, width int, better func(a, b []byte) bool) *Runs {
	query := func(format string) string { return fmt.Sprintf(format, table) }
	return &Runs{
		width: width, better: better,
		selectRun:    query(`SELECT id FROM %s WHERE id >= ? ORDER BY id LIMIT 1`),
		selectBlock:  query(`SELECT keys FROM %s WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1`),
		selectNext:   query(`SELECT id, keys FROM %s WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1`),
		selectBlocks: query(`SELECT keys FROM %s`),
		selectAll:    query(`SELECT id, keys FROM %s ORDER BY id`),
		insertBlock:  query(`INSERT INTO %s (id, keys) VALUES (?, ?)`),
		deleteBlock:  query(`DELETE FROM %s WHERE id = ?`),
	}
}

// run is a sorted sequence of blocks. The id of a block is made of its run and of the start of
// its first key. Keys with the same start are in the same block.
type run struct{ level, slot int }

const (
	prefixBits = 47
	slotBits   = 8
)

func runOf(id int64) run {
	return run{int(id >> (prefixBits + slotBits)), int(id>>prefixBits) % maxSlots}
}

func (r run) id(prefix int64) int64 {
	return int64(r.level)<<(prefixBits+slotBits) | int64(r.slot)<<prefixBits | prefix
}
func (r run) first() int64 { return r.id(0) }
func (r run) last() int64  { return r.id(1<<prefixBits - 1) }

// prefixOf returns the start of a key.
func prefixOf(key []byte) int64 { return int64(binary.BigEndian.Uint64(key) >> (64 - prefixBits)) }

// Load finds the runs. It must be called again after another connection has written to the
// table, or after a transaction failed.
func (t *Runs) Load(c *conn.Conn) error {
	t.runs, t.merges, t.debt = t.runs[:0], [maxLevels]*merge{}, 0
	for next, found := int64(0), true; found; {
		found = false
		err := c.Each(context.Background(), t.selectRun, func(v []driver.Value) error {
			r := runOf(conn.Int(v[0]))
			if r.level >= maxLevels {
				return codec.ErrInvalid
			}
			t.runs, next, found = append(t.runs, r), r.last()+1, true
			return nil
		}, next)
		if err != nil {
			return err
		}
	}
	t.complete = len(t.runs) == 0
	return nil
}

// Add adds records as a run of their own. They are sorted and have different keys.
func (t *Runs) Add(c *conn.Conn, records []byte) error {
	r, err := t.newRun(0)
	if err != nil {
		return err
	}
	for len(records) > 0 {
		n := t.blockLen(records)
		if err := c.Change(t.insertBlock, r.id(prefixOf(records)), records[:n]); err != nil {
			return err
		}
		for at := 0; at < n; at += t.width {
			t.filter.add(records[at:])
		}
		records = records[n:]
	}
	return nil
}

// newRun finds a place for a run.
func (t *Runs) newRun(level int) (run, error) {
	for slot := range maxSlots {
		if r := (run{level, slot}); !slices.Contains(t.runs, r) {
			t.runs = append(t.runs, r)
			return r, nil
		}
	}
	return run{}, fmt.Errorf("level %d has too many runs", level)
}

// blockLen returns how many bytes of sorted records make the first block.
func (t *Runs) blockLen(records []byte) int {
	n := 0
	for n < len(records) && (n < blockBytes || prefixOf(records[n:]) == prefixOf(records[n-t.width:])) {
		n += t.width
	}
	return n
}

// MayHave reports false only if there is no record with the key.
func (t *Runs) MayHave(k Key) bool { return !t.complete || t.filter.mayHave(k[:]) }

// Find returns the best record with a key, or nil.
func (t *Runs) Find(c *conn.Conn, k Key) (best []byte, err error) {
	for _, r := range t.runs {
		err := c.Each(context.Background(), t.selectBlock, func(v []driver.Value) error {
			found, err := t.search(conn.Blob(v[0]), k)
			if found != nil && (best == nil || t.better(found, best)) {
				best = bytes.Clone(found)
			}
			return err
		}, r.first(), r.id(prefixOf(k[:])))
		if err != nil {
			return nil, err
		}
	}
	return best, nil
}

// search finds a record in a block.
func (t *Runs) search(block []byte, k Key) ([]byte, error) {
	if len(block) == 0 || len(block)%t.width != 0 {
		return nil, codec.ErrInvalid
	}
	first, end := 0, len(block)/t.width
	for first < end {
		middle := (first + end) / 2
		record := block[middle*t.width:][:t.width]
		switch bytes.Compare(record[:len(k)], k[:]) {
		case 0:
			return record, nil
		case -1:
			first = middle + 1
		default:
			end = middle
		}
	}
	return nil, nil
}

// Check returns how many blocks are not where Find looks for their keys, or are not sorted.
func (t *Runs) Check(ctx context.Context, c *conn.Conn) (wrong int64, err error) {
	var before run
	var last []byte // the last key of the block before
	err = c.Each(ctx, t.selectAll, func(v []driver.Value) error {
		id, block := conn.Int(v[0]), conn.Blob(v[1])
		if len(block) == 0 || len(block)%t.width != 0 {
			return codec.ErrInvalid
		}
		r := runOf(id)
		if r != before {
			before, last = r, last[:0]
		}
		right := id == r.id(prefixOf(block))
		for ; len(block) > 0; block = block[t.width:] {
			key := block[:len(Key{})]
			right = right && bytes.Compare(last, key) < 0
			last = append(last[:0], key...)
		}
		if !right {
			wrong++
		}
		return nil
	})
	return wrong, err
}

// Each calls f with the best record of each key, in the order of the keys, of the table and
// of more sorted records.
func (t *Runs) Each(ctx context.Context, c *conn.Conn, more []byte, f func(record []byte) error) error {
	m := &merge{sources: []*source{{rest: more, ended: true}}}
	for _, r := range t.runs {
		m.sources = append(m.sources, &source{run: r})
	}
	for {
		record, err := t.next(c, m)
		if err != nil || record == nil {
			return err
		}
		if err := cmp.Or(ctx.Err(), f(record)); err != nil {
			return err
		}
	}
}
