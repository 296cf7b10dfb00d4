package rowcache

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// index finds the number of a row by its key.
//
// Ids come in random order, as the keys of messages do: each new one would change a
// page of its own in the tree of all ids, the table row_index. So the newest rows are
// not in the tree; the index has their numbers in memory. When there are enough, some of
// them are added to the tree: neighbours in its order, so that they share pages, and few,
// so that no delivery waits for long. The next time it is the turn of those that follow.
// A reader that does not find an id in the tree searches the newest rows (see SelectNumber).
//
// Measured: if each batch puts its ids into the tree, an event writes 5.0 KB, not 4.2 KB
// (BenchmarkAppend/256). If all recent ones are added at once, that transaction has 650 pages
// in a store of a million events. In such a store twice as many recent rows save 0.4 KB of the
// 6.7 KB that an event writes (BenchmarkLarge/append), but a reader takes 5 ms, not 1.5 ms, to
// find out that an id is unknown.
type index struct {
	limit  int
	recent map[receiver.Key]int64 // the rows that are not in the tree
	next   int64                  // the number of the next row
	keys   []receiver.Key         // those of recent in the order of the tree, and some that are forgotten
	fresh  []receiver.Key         // those that are not in keys yet
	added  receiver.Key           // the last one that was added to the tree

	lookup map[lookupKey]*conn.Bulk
	insert *conn.Bulk
}

// lookupKey says which rows a lookup finds by their ids.
type lookupKey struct {
	kind receiver.Kind
	test bool
}

const (
	// SelectNumber is the number of the row of kind ?1 with the id ?3. ?2 says whether it
	// is of test events.
	SelectNumber = `SELECT coalesce(
		(` + selectIndexed + `),
		(SELECT number FROM rows NOT INDEXED WHERE number > (SELECT number FROM row_indexed) AND kind = ?1 AND test = ?2 AND id = ?3))`

	selectIndexed    = `SELECT number FROM row_index WHERE kind = ?1 AND test = ?2 AND id = ?3`
	selectLastNumber = `SELECT coalesce(max(number), 0) FROM rows`
	selectNotIndexed = `SELECT number, kind, test, id FROM rows WHERE number > (SELECT number FROM row_indexed)`
	updateIndexed    = `UPDATE row_indexed SET number = ?`
	deleteIndexEntry = `DELETE FROM row_index WHERE number = ?1 AND kind = ?2 AND test = ?3 AND id = ?4`
	deleteIndex      = `DELETE FROM row_index`
)

func newIndex(limit int) index {
	x := index{
		limit: limit, recent: map[receiver.Key]int64{}, lookup: map[lookupKey]*conn.Bulk{},
		insert: conn.NewBulk(`INSERT INTO row_index (kind, test, id, number) VALUES `, `(?, ?, ?, ?)`, ` ON CONFLICT DO UPDATE SET number = excluded.number`),
	}
	for _, kind := range receiver.Kinds() {
		code, _ := kind.Code()
		for _, test := range []bool{false, true} {
			which := fmt.Sprintf(`kind = %d AND test = %d`, code, codec.TestCode(receiver.Key{Test: test}))
			x.lookup[lookupKey{kind, test}] = conn.NewBulk(`SELECT number FROM row_index WHERE `+which+` AND id IN (`, `?`, `)`)
		}
	}
	return x
}

// load reads which rows are not in the tree.
func (x *index) load(c *conn.Conn) error {
	clear(x.recent)
	x.keys, x.fresh = x.keys[:0], x.fresh[:0]
	err := c.Each(context.Background(), selectNotIndexed, func(v []driver.Value) error {
		k := codec.KeyOf(conn.Int(v[1]), conn.Int(v[2]), conn.Blob(v[3]))
		x.recent[k] = conn.Int(v[0])
		x.keys = append(x.keys, k)
		return nil
	})
	slices.SortFunc(x.keys, inTree)
	if err != nil {
		return err
	}
	last, err := c.Int(context.Background(), selectLastNumber)
	x.next = last + 1
	return err
}

// want asks for the number of a row: it is passed to found now, if the row is recent,
// or else by search.
func (x *index) want(k receiver.Key, found func(number int64)) {
	if number, ok := x.recent[k]; ok {
		found(number)
		return
	}
	x.lookup[lookupKey{k.Kind, k.Test}].Add([]byte(k.ID))
}

// search passes the numbers to found that the tree has of the rows asked for.
func (x *index) search(c *conn.Conn, found func(number int64)) error {
	for _, lookup := range x.lookup {
		err := lookup.Each(c, func(v []driver.Value) error {
			found(conn.Int(v[0]))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// add gives a new row its number.
func (x *index) add(k receiver.Key) (number int64) {
	number = x.next
	x.recent[k] = number
	x.fresh = append(x.fresh, k)
	x.next++
	return number
}

// forget removes a row that was deleted.
func (x *index) forget(k receiver.Key) { delete(x.recent, k) }

// parts is how many times recent rows are added to the tree until it was each one's turn.
const parts = 32

// save adds some of the recent rows to the tree if there are enough of them. Those that are
// in the tree when the store is loaded may be recent again: they are added once more.
func (x *index) save(c *conn.Conn) error {
	for len(x.recent) >= x.limit {
		x.sort()
		first, _ := slices.BinarySearchFunc(x.keys, x.added, inTree)
		if first == len(x.keys) {
			first = 0
		}
		end := min(len(x.keys), first+max(1, x.limit/parts))
		if err := x.addToTree(c, x.keys[first:end]); err != nil {
			return err
		}
		x.keys = slices.Delete(x.keys, first, end)
	}
	return nil
}

// sort puts the fresh keys between the others.
func (x *index) sort() {
	slices.SortFunc(x.fresh, inTree)
	all := slices.Grow(x.keys, len(x.fresh))[:len(x.keys)+len(x.fresh)]
	// From the end, so that no key is overwritten before it has its place.
	for at, i, k := len(all)-1, len(x.keys)-1, len(x.fresh)-1; k >= 0; at-- {
		if i >= 0 && inTree(x.keys[i], x.fresh[k]) > 0 {
			all[at], i = x.keys[i], i-1
		} else {
			all[at], k = x.fresh[k], k-1
		}
	}
	x.keys, x.fresh = all, x.fresh[:0]
}

// inTree compares keys in the order of the tree.
func inTree(a, b receiver.Key) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(codec.TestCode(a), codec.TestCode(b)), cmp.Compare(a.ID, b.ID))
}

func (x *index) addToTree(c *conn.Conn, keys []receiver.Key) error {
	for _, k := range keys {
		if number, ok := x.recent[k]; ok {
			code, _ := k.Kind.Code()
			x.insert.Add(code, codec.TestCode(k), []byte(k.ID), number)
			delete(x.recent, k)
		}
	}
	x.added = keys[len(keys)-1]
	if err := x.insert.Run(c); err != nil {
		return err
	}
	complete := x.next
	for _, number := range x.recent {
		complete = min(complete, number)
	}
	return c.Change(updateIndexed, complete-1)
}

// clear removes what a failed batch left behind.
func (x *index) clear() {
	x.insert.Clear()
	for _, lookup := range x.lookup {
		lookup.Clear()
	}
}
