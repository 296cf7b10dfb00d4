package sqlite

import (
	"context"
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/places"
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
)

// applicationID marks a file as a store ("uphk"), in the header of a SQLite file.
const applicationID = 0x7570686b

// schemaVersion is the version of the schema. The versions 1 to 11 were those of
// development; their stores are refused with ErrOlder. A new version must change the text of a
// table or a view: a file with those of this version and another number is damaged.
const schemaVersion = 12

// schema makes the tables of a new store. Their names and columns are no promise: use
// the views to read them, and exports to exchange data.
const schema = `
-- Events in the order of arrival. seq has no gaps and is never used again.
CREATE TABLE event_log (
	seq      INTEGER PRIMARY KEY,
	received INTEGER NOT NULL,  -- microseconds since 1970; when it was admitted, if it was
	verdict  INTEGER NOT NULL,  -- code
	envelope BLOB NOT NULL,     -- what the receiver knows besides the body
	body     BLOB NOT NULL      -- as it came
) STRICT;

-- The first event of each minute in which one was received. Finds events by time
-- without an index with an entry for each event.
CREATE TABLE minutes (
	minute INTEGER PRIMARY KEY, -- minutes since 1970
	seq    INTEGER NOT NULL
) STRICT;

-- What filters ask of the events, some hundred in a line. The newest events are in none.
CREATE TABLE event_index (
	seq   INTEGER PRIMARY KEY,  -- of the first event
	last  INTEGER NOT NULL,     -- of the last event
	ids   BLOB NOT NULL,        -- hashes of ids
	block BLOB NOT NULL
) STRICT;

-- The keys of all messages but the recent ones, each with its event of the highest
-- trust, and the keys of bodies that claim to be one of these messages. Retention does not
-- delete them. A line is a block of a sorted run: see package runs.
CREATE TABLE dedup (
	id   INTEGER PRIMARY KEY,   -- the run, and the start of the first key
	keys BLOB NOT NULL          -- 33 bytes each
) STRICT;

-- The keys of recent messages that are not in dedup yet, a few thousand at most.
CREATE TABLE dedup_recent (
	number INTEGER PRIMARY KEY,
	keys   BLOB NOT NULL        -- as in dedup, but not sorted
) STRICT;

-- The state of each order and job. number is the order of their first events, so rows
-- of the same time are near each other in the file.
CREATE TABLE rows (
	number  INTEGER PRIMARY KEY,
	kind    INTEGER NOT NULL,   -- code
	test    INTEGER NOT NULL,   -- 1: of test events, which have rows of their own
	id      BLOB NOT NULL,
	seq     INTEGER NOT NULL,   -- the event that changed the row last
	state   BLOB NOT NULL,
	updates BLOB NOT NULL
) STRICT;
CREATE INDEX rows_by_change ON rows (kind, seq);

-- The number of each row but the newest.
CREATE TABLE row_index (
	kind   INTEGER NOT NULL,
	test   INTEGER NOT NULL,
	id     BLOB NOT NULL,
	number INTEGER NOT NULL,
	PRIMARY KEY (kind, test, id)
) STRICT, WITHOUT ROWID;

-- Up to which row row_index is complete.
CREATE TABLE row_indexed (
	one    INTEGER PRIMARY KEY CHECK (one = 1),
	number INTEGER NOT NULL
) STRICT;
INSERT INTO row_indexed VALUES (1, 0);

-- The newest rejected deliveries. seq is a sequence of their own.
CREATE TABLE rejected_log (
	seq      INTEGER PRIMARY KEY,
	received INTEGER NOT NULL,
	verdict  INTEGER NOT NULL,
	envelope BLOB NOT NULL,
	body     BLOB NOT NULL
) STRICT;

-- How far each reader got that has a checkpoint.
CREATE TABLE checkpoints (
	reader BLOB NOT NULL PRIMARY KEY,
	cursor INTEGER NOT NULL,    -- all events up to this one are done
	done   BLOB NOT NULL        -- the ranges of later events that are done as well
) STRICT, WITHOUT ROWID;

-- The events that a reader gave up.
CREATE TABLE failures (
	seq    INTEGER NOT NULL,
	reader BLOB NOT NULL,
	at     INTEGER NOT NULL,    -- microseconds since 1970
	tries  INTEGER NOT NULL,
	reason BLOB NOT NULL,
	PRIMARY KEY (seq, reader)
) STRICT, WITHOUT ROWID;

-- Jumps of the clock while a receiver ran, or that were found at its start.
CREATE TABLE clock_jumps (
	number   INTEGER PRIMARY KEY,
	seq      INTEGER NOT NULL,  -- the newest event before it
	rejected INTEGER NOT NULL,  -- the newest rejected delivery before it
	at       INTEGER NOT NULL,  -- by the new clock, microseconds since 1970
	jump     INTEGER NOT NULL   -- microseconds, positive if the clock was put ahead
) STRICT;

CREATE TABLE counters (
	one          INTEGER PRIMARY KEY CHECK (one = 1),
	last_seq     INTEGER NOT NULL DEFAULT 0,
	verified     INTEGER NOT NULL DEFAULT 0,
	trusted      INTEGER NOT NULL DEFAULT 0,
	partial      INTEGER NOT NULL DEFAULT 0,
	unsigned     INTEGER NOT NULL DEFAULT 0,
	rejected     INTEGER NOT NULL DEFAULT 0,
	duplicates   INTEGER NOT NULL DEFAULT 0,
	orders       INTEGER NOT NULL DEFAULT 0,
	jobs         INTEGER NOT NULL DEFAULT 0,
	last_arrival INTEGER NOT NULL DEFAULT 0, -- microseconds since 1970
	deleted      INTEGER NOT NULL DEFAULT 0, -- events that retention deleted
	conflicts    INTEGER NOT NULL DEFAULT 0, -- events that conflict with an earlier one
	unmatched    INTEGER NOT NULL DEFAULT 0  -- requests that were no deliveries
) STRICT;
INSERT INTO counters (one) VALUES (1);
`

const selectVersion = "PRAGMA user_version"

// createSchema makes the tables in an empty file, in one transaction. A file that is
// not empty was checked before.
func createSchema(ctx context.Context, c *conn.Conn) error {
	switch v, err := c.Int(ctx, selectVersion); {
	case err != nil:
		return err
	case v == schemaVersion:
		return c.Exec(ctx, places.Schema+streams.Schema) // which the first stores of this version lack
	}
	if err := c.Exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	// Another process may have made them since.
	version, err := c.Int(ctx, selectVersion)
	if err != nil {
		return err
	}
	if version == 0 {
		mark := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion)
		if err := c.Exec(ctx, schema+places.Schema+streams.Schema+views()+mark); err != nil {
			return fmt.Errorf("make the tables: %w", err)
		}
	}
	return c.Exec(ctx, "COMMIT")
}

// views returns the statements that make the views, with which people read the store. Their
// columns are a promise: cmd/up42hooks/README.md describes them. Most of them are elements of
// the line that codec puts before envelopes and states.
func views() string {
	out := eventView("events", "event_log", "seq") + eventView("rejected", "rejected_log", "seq, 'r' || seq AS number")
	for _, kind := range receiver.Kinds() {
		code, _ := kind.Code()
		out += fmt.Sprintf("CREATE VIEW %s AS SELECT '%s' AS kind, CAST(id AS TEXT) AS id, NOT test AS liveMode", kind.Plural(), kind) +
			elements(0, "name", "type", "host", "status", "subStatus", "class", "final", "trust", "firstSeen", "lastChange", "events", "journey", "tasks") +
			fmt.Sprintf(" FROM (SELECT id, test, %s FROM rows WHERE kind = %d);\n", lineOf("state"), code)
	}
	return out
}

func eventView(name, table, number string) string {
	verdict := "CASE verdict"
	for _, v := range receiver.Verdicts() {
		verdict += fmt.Sprintf(" WHEN %d THEN '%s'", codec.VerdictCode(v), v)
	}
	arrival := "coalesce(json_extract(line, '$[0]'), received)"
	return fmt.Sprintf("CREATE VIEW %s AS SELECT %s, %s AS receivedAt", name, number, textOf(arrival)) +
		fmt.Sprintf(", CASE WHEN json_extract(line, '$[0]') IS NOT NULL THEN %s END AS admitted", textOf("received")) +
		", " + verdict + " END AS verdict" +
		elements(1, "reason", "secret", "webhook", `"from"`, "event", "messageId", "timestamp", "liveMode", "kind", "id", "taskId",
			"status", "subStatus", "class", "final", "admittedFrom", "timestampProblem", "cause", "conflictsWith") +
		", CASE WHEN json_valid(raw) THEN json_extract(raw, '$.body') END AS body, raw" +
		fmt.Sprintf(" FROM (SELECT seq, received, verdict, %s, CAST(body AS TEXT) AS raw FROM %s);\n", lineOf("envelope"), table)
}

// lineOf selects the line of JSON that a column begins with.
func lineOf(column string) string {
	return fmt.Sprintf("CAST(substr(%[1]s, 1, instr(%[1]s, x'0a') - 1) AS TEXT) AS line", column)
}

// elements selects elements of the line.
func elements(first int, columns ...string) (out string) {
	for i, name := range columns {
		out += fmt.Sprintf(", json_extract(line, '$[%d]') AS %s", first+i, name)
	}
	return out
}

// textOf is the text of a time in microseconds.
func textOf(micros string) string {
	return fmt.Sprintf("strftime('%%Y-%%m-%%dT%%H:%%M:%%S', %[1]s / 1000000, 'unixepoch') || printf('.%%06dZ', %[1]s %% 1000000)", micros)
}
