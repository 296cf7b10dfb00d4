package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// The readers' share of SQLite's page cache, in KiB each. Pages of history are
// read once; only the inner pages of the trees are worth keeping.
const (
	readers     = 4
	readerCache = 1 << 10
)

// reader reads through a few connections that can't write. It is safe for
// concurrent use.
type reader struct {
	db    *sql.DB
	stmts map[string]*sql.Stmt
}

func newReader(ctx context.Context, file string, o Options) (_ *reader, err error) {
	source := sourceName(file, modeRead, o.BusyTimeout) + fmt.Sprintf("&_query_only=1&_pragma=cache_size(-%d)", readerCache)
	connector, err := sqlite.NewConnector(source)
	if err != nil {
		return nil, explain(file, "open it for reading", err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	r := &reader{db: db, stmts: map[string]*sql.Stmt{}}
	defer func() {
		if err != nil {
			err = explain(file, "open it for reading", errors.Join(err, r.close()))
		}
	}()
	for _, q := range readQueries {
		if r.stmts[q], err = db.PrepareContext(ctx, q); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *reader) close() error {
	var err error
	for _, s := range r.stmts {
		if s != nil {
			err = errors.Join(err, s.Close())
		}
	}
	return errors.Join(err, r.db.Close())
}

// each runs one of readQueries and calls f with each row of the result.
func (r *reader) each(ctx context.Context, query string, args []any, f func(*sql.Rows) error) (err error) {
	rows, err := r.stmts[query].QueryContext(ctx, args...)
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

const (
	eventFields = `seq, received, verdict, envelope, body`
	eventRange  = ` WHERE seq > ? AND seq < ? AND received >= ? ORDER BY seq `

	oldestEvents   = `SELECT ` + eventFields + ` FROM events` + eventRange + `LIMIT ?`
	newestEvents   = `SELECT ` + eventFields + ` FROM events` + eventRange + `DESC LIMIT ?`
	oldestRejected = `SELECT ` + eventFields + ` FROM rejected` + eventRange + `LIMIT ?`
	newestRejected = `SELECT ` + eventFields + ` FROM rejected` + eventRange + `DESC LIMIT ?`

	// The first event of any minute since: none before it was received since.
	firstSince = `SELECT coalesce(min(seq), -1) FROM minutes WHERE minute >= ?`

	rowRange = ` FROM board WHERE kind = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4`

	listRows           = `SELECT id, seq, state` + rowRange
	listRowsWithPoints = `SELECT id, seq, state, points` + rowRange

	placeOfRow = `SELECT coalesce(
		(SELECT place FROM places WHERE kind = ?1 AND id = ?2),
		(SELECT place FROM board WHERE place > (SELECT place FROM shelved) AND kind = ?1 AND id = ?2))`
	oneRow = `SELECT id, seq, state, points FROM board WHERE place = (` + placeOfRow + `)`
)

const (
	oneProgress  = `SELECT name, cursor, done FROM readers WHERE name = ?`
	listFailures = `SELECT reader, seq, at, tries, reason FROM failures WHERE ?1 = x'' OR reader = ?1 ORDER BY seq, reader`
)

// These are for a snapshot.
const (
	integrityCheck = `PRAGMA integrity_check`

	countRejected = `SELECT count(*) FROM rejected`
	firstEvent    = `SELECT seq, received FROM events ORDER BY seq LIMIT 1`
	lastEvent     = `SELECT seq, received FROM events ORDER BY seq DESC LIMIT 1`

	allEvents   = `SELECT ` + eventFields + ` FROM events ORDER BY seq`
	allRejected = `SELECT ` + eventFields + ` FROM rejected ORDER BY seq`
	allRows     = `SELECT place, kind, id, seq, state, points FROM board ORDER BY place`
	allProgress = `SELECT name, cursor, done FROM readers ORDER BY name`
	allFailures = `SELECT reader, seq, at, tries, reason FROM failures ORDER BY seq, reader`
	hasEvent    = `SELECT 1 FROM events WHERE seq = ?`

	// Messages of the tree whose events retention has taken away.
	goneMessages = `SELECT key, trust, seq FROM messages WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.seq = messages.seq) ORDER BY key`

	listReaders = `SELECT name, coalesce(cursor, 0), done, (SELECT count(*) FROM failures WHERE reader = name)
		FROM (SELECT name FROM readers UNION SELECT reader FROM failures) LEFT JOIN readers USING (name) ORDER BY name`
)

var readQueries = []string{
	oldestEvents, newestEvents, oldestRejected, newestRejected, firstSince, listRows, listRowsWithPoints, oneRow, getCounters,
	oneProgress, listFailures,
}
