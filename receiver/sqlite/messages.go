package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// messages is the writer's memory of the messages seen.
//
// Their keys come in random order, so that each would dirty a page of its own
// in the tree of all of them; that alone was half of what a delivery wrote. So
// a message stays among the recent ones first, which the writer has in memory
// and the store in the order of arrival, and goes to the tree with a few
// thousand others that share its pages, a quarter of the keys at a time, so
// that nobody waits long.
type messages struct {
	limit   int                    // of recent
	recent  map[messageKey]message // not in the tree, or older there
	known   map[messageKey]message // of a batch's messages, those in the tree
	filter  *filter                // spares looking into the tree
	quarter byte                   // the next to go to the tree
	moved   [4]int64               // up to which event the tree has a quarter's messages
	last    int64                  // the newest message's event
	pending []recentLine
	keys    []messageKey
}

// message is the event of the highest trust that a message came as.
type message struct {
	trust  receiver.Trust
	seq    int64
	raised bool // the tree has an event of less trust
}

// recentLine holds the messages of events that follow each other: for each its
// key, and a byte of its trust and whether it is raised.
type recentLine struct {
	seq  int64 // of the first
	keys []byte
}

const recentWidth = len(messageKey{}) + 1

func newMessages(limit int) *messages {
	return &messages{limit: limit, recent: map[messageKey]message{}, known: map[messageKey]message{}, filter: &filter{}}
}

// load reads the recent messages anew.
func (m *messages) load(c *conn) error {
	clear(m.recent)
	m.pending, m.last, m.moved = m.pending[:0], 0, [4]int64{}
	m.filter.forget()
	err := c.each(context.Background(), getMoved, nil, func(v []driver.Value) error {
		quarter := number(v[0])
		if quarter < 0 || quarter >= int64(len(m.moved)) {
			return errCodec
		}
		m.moved[quarter] = number(v[1])
		return nil
	})
	if err != nil {
		return err
	}
	return c.each(context.Background(), getRecent, nil, func(v []driver.Value) error {
		return m.loadLine(recentLine{number(v[0]), blob(v[1])})
	})
}

func (m *messages) loadLine(l recentLine) error {
	if len(l.keys)%recentWidth != 0 {
		return fmt.Errorf("messages from event %d on: %w", l.seq, errCodec)
	}
	for keys := l.keys; len(keys) > 0; keys = keys[recentWidth:] {
		k, flags := messageKey(keys), keys[recentWidth-1]
		if l.seq > m.moved[k.quarter()] {
			// Oldest first: of two events of one message the later has more trust.
			m.recent[k] = message{receiver.Trust(flags >> 1), l.seq, flags&1 != 0}
		}
		m.last = max(m.last, l.seq)
		l.seq++
	}
	return nil
}

// look finds out which messages of a batch the tree has.
func (m *messages) look(c *conn, sql *statements, batch []*request) error {
	clear(m.known)
	for _, r := range batch {
		for i := range r.entries {
			k := &r.entries[i].key
			if _, ok := m.recent[*k]; !ok && m.filter.mayHave(*k) {
				sql.knownMessages.add(k[:])
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
	if f, ok := m.recent[k]; ok {
		return f, true
	}
	f, ok := m.known[k]
	return f, ok
}

// put remembers a message that is new, or of more trust than any before. Events
// come in their order.
func (m *messages) put(k messageKey, trust receiver.Trust, seq int64) {
	before, isRecent := m.recent[k]
	_, inTree := m.known[k]
	n := message{trust, seq, inTree || isRecent && before.raised}
	m.recent[k] = n
	if len(m.pending) == 0 || seq != m.last+1 {
		m.pending = append(m.pending, recentLine{seq: seq})
	}
	m.last = seq
	l := &m.pending[len(m.pending)-1]
	l.keys = append(append(l.keys, k[:]...), byte(trust)<<1|bit(n.raised, 0))
}

// save writes what was put, moves on what has gathered, and learns a little
// more of what the tree has.
func (m *messages) save(c *conn, sql *statements) error {
	put := 0
	for _, l := range m.pending {
		if err := c.change(addRecent, l.seq, l.keys); err != nil {
			return err
		}
		put += len(l.keys) / recentWidth
	}
	clear(m.pending)
	m.pending = m.pending[:0]
	for len(m.recent) >= m.limit {
		if err := m.moveQuarter(c, sql); err != nil {
			return err
		}
	}
	return m.filter.learn(c, put)
}

// moveQuarter moves a quarter of all possible keys to the tree, in its order.
func (m *messages) moveQuarter(c *conn, sql *statements) error {
	m.keys = m.keys[:0]
	for k := range m.recent {
		if k.quarter() == m.quarter {
			m.keys = append(m.keys, k)
		}
	}
	slices.SortFunc(m.keys, messageKey.compare)
	for i := range m.keys {
		k := m.keys[i][:]
		n := m.recent[m.keys[i]]
		delete(m.recent, m.keys[i])
		m.filter.add(m.keys[i])
		if !n.raised {
			sql.addMessages.add(k, int64(n.trust), n.seq)
		} else if err := c.change(raiseMessage, int64(n.trust), n.seq, k); err != nil {
			return err
		}
	}
	if err := sql.addMessages.run(c); err != nil {
		return err
	}
	return m.mark(c)
}

// mark notes that the tree has a quarter, and drops what it has of all.
func (m *messages) mark(c *conn) error {
	m.moved[m.quarter] = m.last
	if err := c.change(putMoved, m.last, int64(m.quarter)); err != nil {
		return err
	}
	m.quarter = (m.quarter + 1) % byte(len(m.moved))
	_, err := c.run(dropRecent, []driver.NamedValue{{Ordinal: 1, Value: slices.Min(m.moved[:])}})
	return err
}
