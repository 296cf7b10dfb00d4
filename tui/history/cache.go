package history

import (
	"iter"
	"maps"
)

// Cache has what was read of deliveries, by their keys: a limited number of them. Its zero
// value keeps none.
type Cache[V any] struct {
	limit   int
	entries map[int64]V
}

// NewCache makes a cache that has hardly more than limit entries.
func NewCache[V any](limit int) Cache[V] { return Cache[V]{limit: limit, entries: map[int64]V{}} }

// Get returns the entry with a key.
func (c *Cache[V]) Get(key int64) (v V, ok bool) {
	v, ok = c.entries[key]
	return v, ok
}

// Put adds an entry.
func (c *Cache[V]) Put(key int64, v V) { c.entries[key] = v }

// Len returns how many entries there are.
func (c *Cache[V]) Len() int { return len(c.entries) }

// Delete removes an entry. It may be called in a loop over All.
func (c *Cache[V]) Delete(key int64) { delete(c.entries, key) }

// All returns all entries with their keys.
func (c *Cache[V]) All() iter.Seq2[int64, V] { return maps.All(c.entries) }

// Tidy removes the entries that are not needed now, if there are more than the limit.
func (c *Cache[V]) Tidy(needed func() []int64) {
	if len(c.entries) <= c.limit {
		return
	}
	kept := make(map[int64]V, c.limit)
	for _, key := range needed() {
		if v, ok := c.entries[key]; ok {
			kept[key] = v
		}
	}
	c.entries = kept
}
