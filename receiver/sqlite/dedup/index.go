package dedup

import (
	"context"
	"database/sql/driver"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Message is what the index has of a message: its event with the highest trust.
type Message struct {
	Trust  receiver.Trust
	Seq    int64
	Body   Digest
	raised bool // the tree has an earlier event with less trust
}

// Index has the keys of all stored messages. Only the writer uses it. It is not safe
// for concurrent use.
//
// Keys come in random order. Each new key would change a page of its own in the tree of
// all keys, the table dedup, and the disk writes whole pages. So a new key goes to the
// end of the table dedup_recent first; the index also has these recent keys in memory.
// When there are enough, those of one partition, a quarter of the range of all keys,
// are moved to the tree in their order, where some of them share a page. Only one
// partition is moved at a time: so more of its keys share a page than if all keys were
// moved when they are as many, and no delivery waits for long.
//
// Measured (BenchmarkAppend/256, BenchmarkLarge/append with a million events): if each batch
// puts its keys into the tree, an event writes 7.5 KB, not 4.2 KB, and 25 KB, not 19 KB on
// the large store. If all keys are moved at once, an event writes 5 to 10 % more on the
// large store.
type Index struct {
	limit     int             // of recent
	recent    map[Key]Message // these are not in the tree, or with less trust
	bloom     bloom
	found     map[Key]Message   // of the current batch: what the tree has
	partition byte              // the one to move next
	moved     [partitions]int64 // by partition: the tree has its messages up to this event
	last      int64             // the newest message's event
	unsaved   []recentLine
	keys      []Key // of the partition that is moved

	lookup, insert *conn.Bulk
}

const partitions = 4

// partitionOf returns a key's partition: its first two bits.
func partitionOf(k Key) byte { return k[0] >> 6 }

// NewIndex returns an index that moves a partition when it has limit recent keys. Load
// must be called before it is used.
func NewIndex(limit int) *Index {
	return &Index{
		limit: limit, recent: map[Key]Message{}, found: map[Key]Message{},
		lookup: lookupBulk(),
		insert: conn.NewBulk(`INSERT INTO dedup (key, trust, seq, body) VALUES `, `(?, ?, ?, ?)`, ``),
	}
}

func lookupBulk() *conn.Bulk {
	return conn.NewBulk(`SELECT key, trust, seq, body FROM dedup WHERE key IN (`, `?`, `)`)
}

const (
	selectRecent = `SELECT seq, keys FROM dedup_recent ORDER BY seq`
	insertRecent = `INSERT INTO dedup_recent (seq, keys) VALUES (?, ?)`
	deleteRecent = `DELETE FROM dedup_recent WHERE seq <= ?`
	selectMoved  = `SELECT partition, seq FROM dedup_moved`
	updateMoved  = `UPDATE dedup_moved SET seq = ? WHERE partition = ?`
	updateKey    = `UPDATE dedup SET trust = ?, seq = ?, body = ? WHERE key = ?`
)

// Load reads the recent keys from the store. It must be called again after another
// connection has written to the store, or after a transaction failed.
func (x *Index) Load(c *conn.Conn) error {
	clear(x.recent)
	x.unsaved, x.last, x.moved = x.unsaved[:0], 0, [partitions]int64{}
	x.bloom.reset()
	err := c.Each(context.Background(), selectMoved, func(v []driver.Value) error {
		p := conn.Int(v[0])
		if p < 0 || p >= partitions {
			return codec.ErrInvalid
		}
		x.moved[p] = conn.Int(v[1])
		return nil
	})
	if err != nil {
		return err
	}
	return c.Each(context.Background(), selectRecent, func(v []driver.Value) error {
		return recentLine{conn.Int(v[0]), conn.Blob(v[1])}.each(func(k Key, m Message) {
			if m.Seq > x.moved[partitionOf(k)] {
				// Oldest first: a later event of the same message has more trust.
				x.recent[k] = m
			}
			x.last = max(x.last, m.Seq)
		})
	})
}

// Want announces a key of the current batch. Its memory must not change before Lookup.
func (x *Index) Want(k *Key) {
	if _, ok := x.recent[*k]; !ok && x.bloom.mayHave(*k) {
		x.lookup.Add(k[:])
	}
}

// Lookup searches the tree for the announced keys, so that Find knows them.
func (x *Index) Lookup(c *conn.Conn) error {
	clear(x.found)
	return x.lookup.Each(c, func(v []driver.Value) error {
		x.found[Key(conn.Blob(v[0]))] = Message{Trust: receiver.Trust(conn.Int(v[1])), Seq: conn.Int(v[2]), Body: Digest(conn.Int(v[3]))}
		return nil
	})
}

// Find returns what is stored of a message of the current batch.
func (x *Index) Find(k Key) (Message, bool) {
	if m, ok := x.recent[k]; ok {
		return m, true
	}
	m, ok := x.found[k]
	return m, ok
}

// Put adds the event of a message that is new, or that has more trust than any event of
// the message before. Its Seq must be greater than that of any event before.
func (x *Index) Put(k Key, m Message) {
	before, isRecent := x.recent[k]
	_, inTree := x.found[k]
	m.raised = inTree || isRecent && before.raised
	x.recent[k] = m
	if len(x.unsaved) == 0 || m.Seq != x.last+1 {
		x.unsaved = append(x.unsaved, recentLine{seq: m.Seq})
	}
	x.last = m.Seq
	x.unsaved[len(x.unsaved)-1].add(k, m)
}

// Save writes what was put, and moves partitions if there are enough recent keys.
func (x *Index) Save(c *conn.Conn) error {
	put := 0
	for _, l := range x.unsaved {
		if err := c.Change(insertRecent, l.seq, l.keys); err != nil {
			return err
		}
		put += l.len()
	}
	clear(x.unsaved)
	x.unsaved = x.unsaved[:0]
	for len(x.recent) >= x.limit {
		if err := x.movePartition(c); err != nil {
			return err
		}
	}
	return x.bloom.read(c, put)
}

// movePartition moves the recent keys of one partition to the tree, in their order.
func (x *Index) movePartition(c *conn.Conn) error {
	x.keys = x.keys[:0]
	for k := range x.recent {
		if partitionOf(k) == x.partition {
			x.keys = append(x.keys, k)
		}
	}
	slices.SortFunc(x.keys, Key.Compare)
	for i := range x.keys {
		k := x.keys[i][:]
		m := x.recent[x.keys[i]]
		delete(x.recent, x.keys[i])
		x.bloom.add(x.keys[i])
		if !m.raised {
			x.insert.Add(k, int64(m.Trust), m.Seq, int64(m.Body))
		} else if err := c.Change(updateKey, int64(m.Trust), m.Seq, int64(m.Body), k); err != nil {
			return err
		}
	}
	if err := x.insert.Run(c); err != nil {
		return err
	}
	return x.markMoved(c)
}

// markMoved notes that the partition is in the tree, and deletes the lines of
// dedup_recent of which all keys are in the tree.
func (x *Index) markMoved(c *conn.Conn) error {
	x.moved[x.partition] = x.last
	if err := c.Change(updateMoved, x.last, int64(x.partition)); err != nil {
		return err
	}
	x.partition = (x.partition + 1) % partitions
	_, err := c.Run(deleteRecent, slices.Min(x.moved[:]))
	return err
}

// Clear removes what a failed batch left behind.
func (x *Index) Clear() {
	x.lookup.Clear()
	x.insert.Clear()
}
