package dedup

import (
	"bytes"
	"context"
	"database/sql/driver"
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/runs"
)

// Message is what the index has of a message: its event with the highest trust.
type Message struct {
	Trust receiver.Trust
	Seq   int64
	Body  Digest
}

// Index has the keys of all stored messages. Only the writer uses it. It is not safe
// for concurrent use.
//
// Keys come in random order. A new key goes to the end of the table dedup_recent first; the
// index also has these recent keys in memory. When there are enough, they become a run of
// the table dedup, which package runs keeps.
//
// Measured on a store of a million events with 256 connections: an event writes 5 to 7 KB. When
// the table was one tree, which got a quarter of the recent keys at a time, it wrote 14 to
// 17 KB, and the deliveries that came at that time waited for 1,000 pages.
type Index struct {
	limit   int             // of recent
	recent  map[Key]Message // these are in no run, or with less trust
	runs    *runs.Runs
	wanted  []Key           // of the current batch
	found   map[Key]Message // what the runs have of them
	unsaved []byte          // records that are not in dedup_recent yet
}

// NewIndex returns an index that makes a run of limit recent keys. Load must be called
// before it is used.
func NewIndex(limit int) *Index {
	return &Index{
		limit: limit, recent: map[Key]Message{}, found: map[Key]Message{},
		runs: runs.New("dedup", recordWidth, hasMoreTrust),
	}
}

const (
	selectRecent = `SELECT keys FROM dedup_recent`
	insertRecent = `INSERT INTO dedup_recent (keys) VALUES (?)`
	deleteRecent = `DELETE FROM dedup_recent`
)

// Load reads the recent keys from the store. It must be called again after another
// connection has written to the store, or after a transaction failed.
func (x *Index) Load(c *conn.Conn) error {
	x.Clear()
	clear(x.recent)
	if err := x.runs.Load(c); err != nil {
		return err
	}
	return c.Each(context.Background(), selectRecent, func(v []driver.Value) error {
		return EachRecord(conn.Blob(v[0]), func(k Key, m Message) {
			if known, ok := x.recent[k]; !ok || m.over(known) {
				x.recent[k] = m
			}
		})
	})
}

// Want announces a key of the current batch.
func (x *Index) Want(k *Key) {
	if _, ok := x.recent[*k]; !ok && x.runs.MayHave(runs.Key(*k)) {
		x.wanted = append(x.wanted, *k)
	}
}

// Lookup searches the runs for the announced keys, so that Find knows them.
func (x *Index) Lookup(c *conn.Conn) error {
	clear(x.found)
	for _, k := range x.wanted {
		m, ok, err := x.inRuns(c, k)
		if err != nil {
			return err
		}
		if ok {
			x.found[k] = m
		}
	}
	x.wanted = x.wanted[:0]
	return nil
}

func (x *Index) inRuns(c *conn.Conn, k Key) (m Message, ok bool, err error) {
	record, err := x.runs.Find(c, runs.Key(k))
	if err != nil || record == nil {
		return Message{}, false, err
	}
	return messageOf(record), true, nil
}

// Find returns what is stored of a message of the current batch.
func (x *Index) Find(k Key) (Message, bool) {
	if m, ok := x.recent[k]; ok {
		return m, true
	}
	m, ok := x.found[k]
	return m, ok
}

// search returns what is stored under any key.
func (x *Index) search(c *conn.Conn, k Key) (Message, bool, error) {
	if m, ok := x.recent[k]; ok {
		return m, true, nil
	}
	if !x.runs.MayHave(runs.Key(k)) {
		return Message{}, false, nil
	}
	return x.inRuns(c, k)
}

// Put adds the event of a message that is new, or that has more trust than any event of
// the message before.
func (x *Index) Put(k Key, m Message) {
	x.recent[k] = m
	x.unsaved = appendRecord(x.unsaved, k, m)
}

// Save writes what was put. It must be called in each transaction that puts anything.
func (x *Index) Save(c *conn.Conn) error {
	put := len(x.unsaved) / recordWidth
	if put == 0 {
		return nil
	}
	if err := c.Change(insertRecent, x.unsaved); err != nil {
		return err
	}
	x.unsaved = x.unsaved[:0]
	if len(x.recent) >= x.limit {
		if err := x.makeRun(c); err != nil {
			return err
		}
	}
	return x.runs.Merge(c, put)
}

// ReadKeys reads the keys of all messages that are in runs. It may be called in another
// goroutine with another connection.
func (x *Index) ReadKeys(ctx context.Context, c *conn.Conn) (*runs.Keys, error) {
	return x.runs.ReadKeys(ctx, c)
}

// Know takes what ReadKeys has read since the last Load. Before that each message is
// searched for.
func (x *Index) Know(all *runs.Keys) { x.runs.Know(all) }

// makeRun makes a run of the recent keys.
func (x *Index) makeRun(c *conn.Conn) error {
	if err := x.runs.Add(c, x.sortedRecent()); err != nil {
		return err
	}
	clear(x.recent)
	_, err := c.Run(deleteRecent)
	return err
}

// sortedRecent returns the records of the recent keys.
func (x *Index) sortedRecent() (records []byte) {
	records = make([]byte, 0, len(x.recent)*recordWidth)
	for _, k := range slices.SortedFunc(maps.Keys(x.recent), Key.Compare) {
		records = appendRecord(records, k, x.recent[k])
	}
	return records
}

// Clear removes what a failed batch left behind.
func (x *Index) Clear() { x.wanted, x.unsaved = x.wanted[:0], x.unsaved[:0] }

// each calls f with each message, in the order of the keys.
func (x *Index) each(ctx context.Context, c *conn.Conn, f func(k Key, m Message) error) error {
	return x.runs.Each(ctx, c, x.sortedRecent(), func(record []byte) error {
		return f(Key(bytes.Clone(record[:len(Key{})])), messageOf(record))
	})
}
