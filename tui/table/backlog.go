package table

// backlog keeps the changes that come while the table is paused. It has the same
// limit as the table: of more rows, it keeps those that the table would keep.
type backlog[K comparable, R any] struct {
	table *store[K, R]   // the rows of the paused table
	store *store[K, R]   // new and changed rows
	gone  map[K]struct{} // rows of the table that were removed and did not come back
	count int
}

func newBacklog[K comparable, R any](table *store[K, R]) *backlog[K, R] {
	return &backlog[K, R]{table: table, store: newStore(table.id, table.compare), gone: map[K]struct{}{}}
}

func (b *backlog[K, R]) upsert(rows []R, limit int) {
	for _, r := range rows {
		delete(b.gone, b.store.id(r))
	}
	before := len(b.store.rows)
	b.store.upsert(rows)
	b.count += len(b.store.rows) - before
	for _, r := range b.store.trim(limit) {
		b.drop(b.store.id(r))
	}
}

func (b *backlog[K, R]) remove(ids []K) {
	b.count -= len(b.store.remove(ids))
	for _, id := range ids {
		b.drop(id)
	}
}

func (b *backlog[K, R]) drop(id K) {
	if _, ok := b.table.rows[id]; ok {
		b.gone[id] = struct{}{}
	}
}
