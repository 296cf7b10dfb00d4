package runs

import (
	"bytes"
	"context"
	"database/sql/driver"
	"slices"

	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// merge reads runs together, in the order of keys.
type merge struct {
	sources []*source
	target  run
}

// source is a run that is read.
type source struct {
	run   run
	block int64   // the one that is read; 0: none
	rest  []byte  // of the block
	read  []int64 // blocks that were read, and are not deleted
	ended bool    // there are no more blocks
}

// Merge merges runs if there are many, a part of them after n records were added. Each merge
// has ended before another one of its level can begin.
func (t *Runs) Merge(c *conn.Conn, n int) error {
	t.begin()
	perBlock := blockBytes / t.width
	for t.debt += 2 * n; t.debt >= perBlock; t.debt -= perBlock {
		for level, m := range t.merges {
			if m == nil {
				continue
			}
			ended, err := t.step(c, m)
			if err != nil {
				return err
			}
			if ended {
				t.end(level)
			}
		}
	}
	return nil
}

// begin begins the merges of levels that have many runs.
func (t *Runs) begin() {
	for level := range maxLevels - 1 {
		if t.merges[level] != nil {
			continue
		}
		var complete []*source
		for _, r := range t.runs {
			if r.level == level && (level == 0 || t.merges[level-1] == nil || t.merges[level-1].target != r) {
				complete = append(complete, &source{run: r})
			}
		}
		if len(complete) < fanIn {
			continue
		}
		if target, err := t.newRun(level + 1); err == nil {
			t.merges[level] = &merge{sources: complete, target: target}
		}
	}
}

// end removes the runs that were merged.
func (t *Runs) end(level int) {
	for _, s := range t.merges[level].sources {
		t.runs = slices.DeleteFunc(t.runs, func(r run) bool { return r == s.run })
	}
	t.merges[level] = nil
}

// step adds a block to the result of a merge, and deletes blocks of which the result has all
// records.
func (t *Runs) step(c *conn.Conn, m *merge) (ended bool, err error) {
	var out []byte
	for len(out) < blockBytes || !ended {
		s, err := t.least(c, m)
		if err != nil {
			return false, err
		}
		if ended = s == nil; ended {
			break
		}
		if len(out) >= blockBytes && prefixOf(s.rest) != prefixOf(out[len(out)-t.width:]) {
			break
		}
		record, err := t.next(c, m)
		if err != nil {
			return false, err
		}
		out = append(out, record...)
	}
	if len(out) > 0 {
		if err := c.Change(t.insertBlock, m.target.id(prefixOf(out)), out); err != nil {
			return false, err
		}
	}
	for _, s := range m.sources {
		if ended || s.ended || len(s.read) >= deletedAtOnce {
			if err := t.deleteRead(c, s); err != nil {
				return false, err
			}
		}
	}
	return ended, nil
}

// deletedAtOnce is how many blocks of a run are deleted together. To delete a block SQLite also
// writes the pages on both sides of it, but to delete many that follow each other it writes only
// the two around all of them. An event writes 0.8 KB less in a store of a million events
// (BenchmarkLarge/append).
const deletedAtOnce = 16

// deleteRead deletes the blocks of a source that the result has.
func (t *Runs) deleteRead(c *conn.Conn, s *source) error {
	for _, id := range s.read {
		if err := c.Change(t.deleteBlock, id); err != nil {
			return err
		}
	}
	s.read = s.read[:0]
	return nil
}

// next returns the best record of the next key, nil at the end. It is valid until the next
// call.
func (t *Runs) next(c *conn.Conn, m *merge) (best []byte, err error) {
	for {
		s, err := t.least(c, m)
		if err != nil || s == nil || best != nil && !bytes.Equal(best[:len(Key{})], s.rest[:len(Key{})]) {
			return best, err
		}
		record := s.rest[:t.width]
		if s.rest = s.rest[t.width:]; best == nil || t.better(record, best) {
			best = record
		}
	}
}

// least returns the source with the least key, nil at the end.
func (t *Runs) least(c *conn.Conn, m *merge) (least *source, err error) {
	for _, s := range m.sources {
		if err := t.fill(c, s); err != nil {
			return nil, err
		}
		if len(s.rest) > 0 && (least == nil || bytes.Compare(s.rest[:len(Key{})], least.rest[:len(Key{})]) < 0) {
			least = s
		}
	}
	return least, nil
}

// fill reads the next block of a source, if the last one is used up.
func (t *Runs) fill(c *conn.Conn, s *source) error {
	if len(s.rest) > 0 || s.ended {
		return nil
	}
	from := s.run.first()
	if s.block != 0 {
		s.read, from = append(s.read, s.block), s.block+1
	}
	s.ended = true
	return c.Each(context.Background(), t.selectNext, func(v []driver.Value) error {
		block := conn.Blob(v[1])
		if len(block) == 0 || len(block)%t.width != 0 {
			return codec.ErrInvalid
		}
		s.block, s.rest, s.ended = conn.Int(v[0]), bytes.Clone(block), false
		return nil
	}, from, s.run.last())
}
