package sqlite

import "strconv"

// statements are the writer's, with room to collect a batch's arguments in.
//
// An insert that fails is a defect, and ends the transaction: OR ROLLBACK says
// so, and spares SQLite the copy of each page that it would keep to undo the
// one statement.
type statements struct {
	knownMessages, addMessages *bulk
	addEvents, dropEvents      *bulk
	addRejected                *bulk
	placesOf                   map[int64]*bulk // by code of kind
	rowsAt, addRows, addPlaces *bulk
}

func newStatements() *statements {
	return &statements{
		knownMessages: newBulk(`SELECT key, trust, seq FROM messages WHERE key IN (`, `?`, `)`),
		addMessages:   newBulk(`INSERT OR ROLLBACK INTO messages (key, trust, seq) VALUES `, `(?, ?, ?)`, ``),
		addEvents:     newBulk(`INSERT OR ROLLBACK INTO events (seq, received, verdict, envelope, body) VALUES `, `(?, ?, ?, ?, ?)`, ``),
		dropEvents:    newBulk(`DELETE FROM events WHERE seq IN (`, `?`, `)`),
		addRejected:   newBulk(`INSERT OR ROLLBACK INTO rejected (seq, received, verdict, envelope, body) VALUES `, `(?, ?, ?, ?, ?)`, ``),
		placesOf:      map[int64]*bulk{1: placesOfKind(1), 2: placesOfKind(2)},
		rowsAt:        newBulk(`SELECT place, kind, id, seq, state, points FROM board WHERE place IN (`, `?`, `)`),
		addPlaces:     newBulk(`INSERT OR ROLLBACK INTO places (kind, id, place) VALUES `, `(?, ?, ?)`, ``),
		addRows:       newBulk(`INSERT OR ROLLBACK INTO board (place, kind, id, seq, state, points) VALUES `, `(?, ?, ?, ?, ?, ?)`, ``),
	}
}

func placesOfKind(code int64) *bulk {
	return newBulk(`SELECT place FROM places WHERE kind = `+strconv.FormatInt(code, 10)+` AND id IN (`, `?`, `)`)
}

// clear forgets arguments that a failed batch left behind.
func (s *statements) clear() {
	for _, b := range []*bulk{s.knownMessages, s.addMessages, s.addEvents, s.dropEvents, s.addRejected, s.placesOf[1], s.placesOf[2], s.rowsAt, s.addRows, s.addPlaces} {
		b.clear()
	}
}

const (
	begin  = `BEGIN IMMEDIATE`
	commit = `COMMIT`

	dataVersion = `PRAGMA data_version`

	// An event of a minute that has one already is no news.
	addMinute = `INSERT INTO minutes (minute, seq) VALUES (?, ?) ON CONFLICT DO NOTHING`

	getRecent  = `SELECT seq, keys FROM recent ORDER BY seq`
	addRecent  = `INSERT OR ROLLBACK INTO recent (seq, keys) VALUES (?, ?)`
	dropRecent = `DELETE FROM recent WHERE seq <= ?`
	getMoved   = `SELECT quarter, seq FROM moved`
	putMoved   = `UPDATE OR ROLLBACK moved SET seq = ? WHERE quarter = ?`
	keysFrom   = `SELECT key FROM messages WHERE key >= ? ORDER BY key LIMIT ?`

	raiseMessage = `UPDATE OR ROLLBACK messages SET trust = ?, seq = ? WHERE key = ?`
	changeRow    = `UPDATE OR ROLLBACK board SET seq = ?, state = ?, points = ? WHERE place = ?`

	trimRejected = `DELETE FROM rejected WHERE seq <= (SELECT seq FROM rejected ORDER BY seq DESC LIMIT 1 OFFSET ?)`

	lastPlace    = `SELECT coalesce(max(place), 0) FROM board`
	getUnshelved = `SELECT place, kind, id FROM board WHERE place > (SELECT place FROM shelved)`
	putShelved   = `UPDATE OR ROLLBACK shelved SET place = ?`

	putProgress  = `INSERT OR REPLACE INTO readers (name, cursor, done) VALUES (?, ?, ?)`
	putFailure   = `INSERT OR REPLACE INTO failures (reader, seq, at, tries, reason) VALUES (?, ?, ?, ?, ?)`
	dropProgress = `DELETE FROM readers WHERE name = ?`
	dropFailures = `DELETE FROM failures WHERE reader = ?`
	dropFailure  = `DELETE FROM failures WHERE reader = ? AND seq = ?`

	// What retention may take away: the oldest, but for what somebody still needs.
	oldest = `SELECT seq, received FROM events
		WHERE seq <= (SELECT coalesce(min(cursor), 9223372036854775807) FROM readers) AND seq NOT IN (SELECT seq FROM failures)
		ORDER BY seq LIMIT ?`
	dropMinutes  = `DELETE FROM minutes WHERE minute < (SELECT max(minute) FROM minutes WHERE seq <= (SELECT min(seq) FROM events))`
	rowsOfEvents = `SELECT place, id, seq, state FROM board WHERE kind = ? AND seq BETWEEN ? AND ?`
	dropRow      = `DELETE FROM board WHERE place = ?`
	dropPlace    = `DELETE FROM places WHERE place = ?1 AND kind = ?2 AND id = ?3`

	// For an import.
	raiseOrAddMessage = `INSERT INTO messages (key, trust, seq) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET trust = excluded.trust, seq = excluded.seq WHERE excluded.trust > trust`
	addOneRejected = `INSERT OR ROLLBACK INTO rejected (seq, received, verdict, envelope, body) VALUES (?, ?, ?, ?, ?)`
	dropRows       = `DELETE FROM board`
	dropPlaces     = `DELETE FROM places`

	oneRejectedBefore  = `SELECT 1 FROM rejected WHERE received < ? LIMIT 1`
	dropRejectedBefore = `DELETE FROM rejected WHERE received < ?`

	getCounters = `SELECT last_seq, verified, trusted, partial, unsigned, rejected, duplicates, orders, jobs, last_arrival, deleted FROM counters`
	putCounters = `UPDATE counters SET last_seq = ?, verified = ?, trusted = ?, partial = ?, unsigned = ?, rejected = ?, duplicates = ?,
		orders = ?, jobs = ?, last_arrival = ?, deleted = ?`
)
