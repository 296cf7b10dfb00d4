package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// messages is the writer's memory of the messages seen.
//
// Their keys come in random order, so that each would dirty a page of its own
// in the tree of all of them; that alone was half of what a delivery wrote. So
// a message goes to the end of a small table first, which the writer has in
// memory, and to the tree with a few thousand others that share its pages, a
// quarter of the keys at a time, so that nobody waits long.
type messages struct {
	limit   int                    // of fresh
	fresh   map[messageKey]message // in the small table, and maybe older in the tree
	known   map[messageKey]message // of a batch's messages, those in the tree
	quarter byte                   // the next to go to the tree
	keys    []messageKey
}

// message is the event of the highest trust that a message came as.
type message struct {
	trust  receiver.Trust
	seq    int64
	raised bool // the tree has an event of less trust
}

func newMessages(limit int) *messages {
	return &messages{limit: limit, fresh: map[messageKey]message{}, known: map[messageKey]message{}}
}

// load reads the small table anew.
func (m *messages) load(c *conn) error {
	clear(m.fresh)
	return c.each(context.Background(), getFresh, nil, func(v []driver.Value) error {
		// Oldest first: of two events of one message the later has more trust.
		m.fresh[messageKey(blob(v[0]))] = message{receiver.Trust(number(v[1])), number(v[2]), number(v[3]) != 0}
		return nil
	})
}

// look finds out which messages of a batch the tree has.
func (m *messages) look(c *conn, sql *statements, batch []*request) error {
	clear(m.known)
	for _, r := range batch {
		for i := range r.entries {
			if _, ok := m.fresh[r.entries[i].key]; !ok {
				sql.knownMessages.add(r.entries[i].key[:])
			}
		}
	}
	return sql.knownMessages.each(c, func(v []driver.Value) error {
		m.known[messageKey(blob(v[0]))] = message{trust: receiver.Trust(number(v[1])), seq: number(v[2])}
		return nil
	})
}

// find is what is stored of a message of the batch.
func (m *messages) find(k messageKey) (message, bool) {
	if f, ok := m.fresh[k]; ok {
		return f, true
	}
	f, ok := m.known[k]
	return f, ok
}

// put remembers a message that is new, or of more trust than any before.
func (m *messages) put(sql *statements, k messageKey, trust receiver.Trust, seq int64) {
	before, isFresh := m.fresh[k]
	_, inTree := m.known[k]
	n := message{trust, seq, inTree || isFresh && before.raised}
	m.fresh[k] = n
	sql.addFresh.add(seq, k[:], int64(trust), int64(bit(n.raised, 0)))
}

// save writes what was put, and moves on what has gathered.
func (m *messages) save(c *conn, sql *statements) error {
	if err := sql.addFresh.run(c); err != nil {
		return err
	}
	for len(m.fresh) >= m.limit {
		if err := m.moveQuarter(c, sql); err != nil {
			return err
		}
	}
	return nil
}

// moveQuarter moves a quarter of all possible keys to the tree, in its order.
func (m *messages) moveQuarter(c *conn, sql *statements) error {
	m.keys = m.keys[:0]
	for k := range m.fresh {
		if k[0]>>6 == m.quarter {
			m.keys = append(m.keys, k)
		}
	}
	slices.SortFunc(m.keys, messageKey.compare)
	for i := range m.keys {
		k := m.keys[i][:]
		n := m.fresh[m.keys[i]]
		delete(m.fresh, m.keys[i])
		if !n.raised {
			sql.addMessages.add(k, int64(n.trust), n.seq)
		} else if err := c.change(raiseMessage, int64(n.trust), n.seq, k); err != nil {
			return err
		}
	}
	if err := sql.addMessages.run(c); err != nil {
		return err
	}
	first, last := quarterBounds(m.quarter)
	_, err := c.run(dropFresh, []driver.NamedValue{{Ordinal: 1, Value: first[:]}, {Ordinal: 2, Value: last[:]}})
	m.quarter = (m.quarter + 1) % 4
	return err
}

// quarterBounds are the first and the last of a quarter of all keys.
func quarterBounds(quarter byte) (first, last messageKey) {
	for i := range last {
		last[i] = 0xff
	}
	first[0], last[0] = quarter<<6, quarter<<6|0x3f
	return first, last
}
