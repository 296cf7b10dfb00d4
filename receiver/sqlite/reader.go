package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"modernc.org/sqlite"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
	"github.com/up42/up42-webhooks/receiver/sqlite/places"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
)

const (
	// readers is the number of connections of a reader.
	readers = 4
	// readerCache is the page cache of each, in KiB. Pages of old events are read once;
	// only the inner pages of the trees are needed again.
	readerCache = 1 << 10
)

// reader reads the store through read-only connections. It is safe for concurrent use.
type reader struct {
	source driver.Connector

	gate sync.RWMutex // a query holds it for reading
	db   *sql.DB

	mu    sync.Mutex
	stmts map[string]*sql.Stmt // by query, prepared when it is first asked

	places bool // the store has that table; an older store gets it from the first writer
}

func newReader(ctx context.Context, file string, o Options) (_ *reader, err error) {
	source := conn.Source(file, conn.ReadOnly, o.BusyTimeout) + fmt.Sprintf("&_query_only=1&_pragma=cache_size(-%d)", o.cache(readerCache))
	connector, err := sqlite.NewConnector(source)
	if err != nil {
		return nil, explain(file, "open it for reading", err)
	}
	r := &reader{source: connector}
	r.open()
	defer func() {
		if err != nil {
			err = explain(file, "open it for reading", errors.Join(err, r.close()))
		}
	}()
	if _, err := r.prepared(ctx, selectCounters); err != nil { // reads the schema
		return nil, err
	}
	var tables int
	err = r.db.QueryRowContext(ctx, hasPlaces).Scan(&tables)
	r.places = tables > 0
	return r, err
}

// open makes connections when they are needed.
func (r *reader) open() {
	r.db, r.stmts = sql.OpenDB(r.source), map[string]*sql.Stmt{}
	r.db.SetMaxOpenConns(readers)
	r.db.SetMaxIdleConns(readers)
}

// without calls do while no connection is open. It waits for the queries that run, and those that
// begin meanwhile wait for do.
func (r *reader) without(do func() error) error {
	r.gate.Lock()
	defer r.gate.Unlock()
	err := errors.Join(r.close(), do())
	r.open()
	return err
}

func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	for _, s := range r.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, r.db.Close())
}

// prepared returns the statement for a query and keeps it for the next time. Most readers
// ask few queries, and to prepare all of them takes longer than to open the file.
func (r *reader) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := r.kept(query, nil); s != nil {
		return s, nil
	}
	s, err := r.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	kept := r.kept(query, s)
	if kept != s { // another goroutine was faster
		err = s.Close()
	}
	return kept, err
}

// kept returns the statement that is kept for a query. If no statement is kept yet, it keeps s.
func (r *reader) kept(query string, s *sql.Stmt) *sql.Stmt {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stmts[query] == nil && s != nil {
		r.stmts[query] = s
	}
	return r.stmts[query]
}

// tidy removes the empty write-ahead log that a reader leaves beside a store that no receiver
// uses. SQLite does that when the last connection to the store is closed, if that may write.
// So whoever else has the store open, or opens it meanwhile, keeps the log. A log with events
// stays as it is, and so does the store of a receiver that runs or was killed. An error does
// not matter: then the files stay.
func tidy(file string, o Options) {
	info, err := os.Stat(file + "-wal")
	if err != nil || info.Size() > 0 {
		return
	}
	if _, err := os.Stat(file + guard.Suffix); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	ctx := context.Background()
	c, err := conn.Open(ctx, conn.Source(file, conn.ReadWrite, o.BusyTimeout))
	if err != nil {
		return
	}
	_, _ = c.Int(ctx, selectVersion) // SQLite opens the log with the first read
	_ = c.Close()
}

// each runs a query, one of a fixed set, and calls f with each row of the result.
func (r *reader) each(ctx context.Context, query string, args []any, f func(*sql.Rows) error) (err error) {
	if query == places.Select && !r.places {
		return nil
	}
	r.gate.RLock()
	defer r.gate.RUnlock()
	s, err := r.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// The queries of readers.
const (
	eventFields = `seq, received, verdict, envelope, body`
	eventRange  = ` WHERE seq > ? AND seq < ? AND received >= ? ORDER BY seq `

	oldestEvents   = `SELECT ` + eventFields + ` FROM event_log` + eventRange + `LIMIT ?`
	newestEvents   = `SELECT ` + eventFields + ` FROM event_log` + eventRange + `DESC LIMIT ?`
	oldestRejected = `SELECT ` + eventFields + ` FROM rejected_log` + eventRange + `LIMIT ?`
	newestRejected = `SELECT ` + eventFields + ` FROM rejected_log` + eventRange + `DESC LIMIT ?`

	// No event before this one was received in the minute or later.
	firstSince = `SELECT coalesce(min(seq), -1) FROM minutes WHERE minute >= ?`

	rowRange = ` FROM rows WHERE kind = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4`

	listRows            = `SELECT id, test, seq, state` + rowRange
	listRowsWithUpdates = `SELECT id, test, seq, state, updates` + rowRange

	rowNumbers = `SELECT seq FROM rows WHERE kind = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3`

	oneRow = `SELECT id, test, seq, state, updates FROM rows WHERE number = (` + rowcache.SelectNumber + `)`

	oneCheckpoint = `SELECT reader, cursor, done FROM checkpoints WHERE reader = ?`
	hasPlaces     = `SELECT count(*) FROM sqlite_schema WHERE name = '` + places.Table + `'`
	listFailures  = `SELECT reader, seq, at, tries, reason FROM failures WHERE ?1 = x'' OR reader = ?1 ORDER BY seq, reader`
)
