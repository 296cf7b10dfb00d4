// Package difference says which fields differ between two JSON texts.
package difference

import (
	"strconv"

	"github.com/up42/up42-webhooks/tui/jsontree"
)

// Kind is how a field differs.
type Kind int

// The kinds.
const (
	Changed Kind = iota
	Added
	Removed
)

// Change is one field that differs. Its texts come from outside.
type Change struct {
	Kind Kind
	// Path is where the field is, as jq writes it. The place in a list is that in the newer
	// text, of a removed item that in the older one.
	Path string
	// Before and After are JSON in one line. One of them is empty if the field was added or
	// removed.
	Before, After string
}

// Limit is how many changes Of returns at most.
const Limit = 500

// Of returns what differs between two JSON texts, in the order of the newer one, and how many
// changes there are in all. The order of the fields of an object does not matter. Items that are
// inserted into a list, or removed from it, do not make those after them different. A text that
// is no JSON is an error.
func Of(before, after []byte) (changes []Change, total int, err error) {
	a, err := parse(before)
	if err != nil {
		return nil, 0, err
	}
	b, err := parse(after)
	if err != nil {
		return nil, 0, err
	}
	var c comparison
	c.values("", a, b)
	return c.changes, c.total, nil
}

type comparison struct {
	changes []Change
	total   int
}

func (c *comparison) add(k Kind, path string, before, after *value) {
	if c.total++; len(c.changes) >= Limit {
		return
	}
	x := Change{Kind: k, Path: path}
	if path == "" {
		x.Path = "."
	}
	if before != nil {
		x.Before = before.text
	}
	if after != nil {
		x.After = after.text
	}
	c.changes = append(c.changes, x)
}

func (c *comparison) values(path string, a, b *value) {
	switch {
	case a.text == b.text:
	case a.object && b.object:
		c.objects(path, a, b)
	case a.list && b.list:
		c.lists(path, a.items, b.items)
	default:
		c.add(Changed, path, a, b)
	}
}

func (c *comparison) objects(path string, a, b *value) {
	for _, name := range b.names {
		if old := a.fields[name]; old != nil {
			c.values(path+jsontree.Field(quoted(name)), old, b.fields[name])
		} else {
			c.add(Added, path+jsontree.Field(quoted(name)), nil, b.fields[name])
		}
	}
	for _, name := range a.names {
		if b.fields[name] == nil {
			c.add(Removed, path+jsontree.Field(quoted(name)), a.fields[name], nil)
		}
	}
}

// lists compares two lists. What both begin and end with is the same. Between that, lists of the
// same length are compared item by item, others by which items they have: the time that this
// takes grows with the lists only.
func (c *comparison) lists(path string, a, b []*value) {
	at := 0
	for at < len(a) && at < len(b) && a[at].text == b[at].text {
		at++
	}
	endA, endB := len(a), len(b)
	for endA > at && endB > at && a[endA-1].text == b[endB-1].text {
		endA, endB = endA-1, endB-1
	}
	if endA-at == endB-at {
		for i := at; i < endA; i++ {
			c.values(path+place(i), a[i], b[i])
		}
		return
	}
	had := map[string]int{}
	for _, v := range a[at:endA] {
		had[v.text]++
	}
	for i := at; i < endB; i++ {
		if had[b[i].text] > 0 {
			had[b[i].text]--
			continue
		}
		c.add(Added, path+place(i), nil, b[i])
	}
	for i := at; i < endA; i++ {
		if had[a[i].text] > 0 {
			had[a[i].text]--
			c.add(Removed, path+place(i), a[i], nil)
		}
	}
}

func place(i int) string { return "[" + strconv.Itoa(i) + "]" }
