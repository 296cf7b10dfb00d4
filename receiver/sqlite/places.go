package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// places knows where each row is on the board. Ids come in random order as the
// keys of messages do, so they go to their tree in bulk as well; until then the
// writer has them in memory, and whoever else looks for a row looks through the
// youngest.
type places struct {
	limit int
	young map[receiver.Key]int64 // those that are not in the tree
	next  int64
	keys  []receiver.Key
}

// load reads anew which are not in the tree.
func (p *places) load(c *conn) error {
	p.young = map[receiver.Key]int64{}
	err := c.each(context.Background(), getUnshelved, nil, func(v []driver.Value) error {
		p.young[receiver.Key{Kind: kindOf(number(v[1])), ID: string(blob(v[2]))}] = number(v[0])
		return nil
	})
	if err != nil {
		return err
	}
	last, err := c.integer(context.Background(), lastPlace)
	p.next = last + 1
	return err
}

// find has the row loaded from its place, if it has one.
func (p *places) find(sql *statements, k receiver.Key, code int64) {
	if place, ok := p.young[k]; ok {
		sql.rowsAt.add(place)
		return
	}
	sql.placesOf[code].add([]byte(k.ID))
}

// found adds the places that the tree has of what find was asked for.
func (p *places) found(c *conn, sql *statements) error {
	for _, query := range sql.placesOf {
		err := query.each(c, func(v []driver.Value) error {
			sql.rowsAt.add(number(v[0]))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// give makes a place for a new row.
func (p *places) give(k receiver.Key) int64 {
	place := p.next
	p.young[k] = place
	p.next++
	return place
}

// shelve moves what has gathered to the tree, in its order.
func (p *places) shelve(c *conn, sql *statements) error {
	if len(p.young) < p.limit {
		return nil
	}
	p.keys = p.keys[:0]
	for k := range p.young {
		p.keys = append(p.keys, k)
	}
	slices.SortFunc(p.keys, func(a, b receiver.Key) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	for _, k := range p.keys {
		code, _ := kindCode(k.Kind)
		sql.addPlaces.add(code, []byte(k.ID), p.young[k])
	}
	if err := sql.addPlaces.run(c); err != nil {
		return err
	}
	clear(p.young)
	return c.change(putShelved, p.next-1)
}
