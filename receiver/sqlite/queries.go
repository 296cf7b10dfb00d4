package sqlite

import "github.com/up42/up42-webhooks/receiver/sqlite/rowcache"

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

	listRows            = `SELECT id, seq, state` + rowRange
	listRowsWithUpdates = `SELECT id, seq, state, updates` + rowRange

	oneRow = `SELECT id, seq, state, updates FROM rows WHERE number = (` + rowcache.SelectNumber + `)`

	oneCheckpoint = `SELECT reader, cursor, done FROM checkpoints WHERE reader = ?`
	listFailures  = `SELECT reader, seq, at, tries, reason FROM failures WHERE ?1 = x'' OR reader = ?1 ORDER BY seq, reader`
)

// readQueries are the queries that each reader prepares when it is opened.
var readQueries = []string{
	oldestEvents, newestEvents, oldestRejected, newestRejected, firstSince, listRows, listRowsWithUpdates, oneRow, selectCounters,
	oneCheckpoint, listFailures,
}
