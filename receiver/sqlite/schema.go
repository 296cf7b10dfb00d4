package sqlite

import (
	"context"
	"fmt"
)

// applicationID marks a file as a store of ours ("uphk"), in SQLite's header.
const applicationID = 0x7570686b

// migrations bring a store from each version to the next; the first makes one.
// What was released is never changed, only added to.
var migrations = [...]string{schema1, schema2, schema3, schema4, schema5, schema6}

// schemaVersion is what this program reads and writes.
const schemaVersion = len(migrations)

const schema1 = `
-- Deliveries in the order of arrival; seq has no gaps and is never used again.
CREATE TABLE events (
	seq      INTEGER PRIMARY KEY,
	received INTEGER NOT NULL,  -- microseconds since 1970
	verdict  INTEGER NOT NULL,
	envelope BLOB NOT NULL,
	body     BLOB NOT NULL      -- as it came
) STRICT;

-- The first event of each minute in which one was received: finds a time in
-- events without an index on all of them.
CREATE TABLE minutes (
	minute INTEGER PRIMARY KEY, -- minutes since 1970
	seq    INTEGER NOT NULL
) STRICT;

-- Messages seen, each with its event of the highest trust.
CREATE TABLE messages (
	key   BLOB NOT NULL PRIMARY KEY,
	trust INTEGER NOT NULL,
	seq   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where each order and job stands. place follows the order of first sight, so
-- that rows that live at the same time are neighbours in the file.
CREATE TABLE board (
	place  INTEGER PRIMARY KEY,
	kind   INTEGER NOT NULL,
	id     BLOB NOT NULL,
	seq    INTEGER NOT NULL,    -- the event that changed the row last
	state  BLOB NOT NULL,
	points BLOB NOT NULL,
	UNIQUE (kind, id)
) STRICT;
CREATE INDEX board_changes ON board (kind, seq);

-- The newest rejected deliveries, in a sequence of their own.
CREATE TABLE rejected (
	seq      INTEGER PRIMARY KEY,
	received INTEGER NOT NULL,
	verdict  INTEGER NOT NULL,
	envelope BLOB NOT NULL,
	body     BLOB NOT NULL
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
	last_arrival INTEGER NOT NULL DEFAULT 0 -- microseconds since 1970
) STRICT;
INSERT INTO counters (one) VALUES (1);
`

// Random keys go to the tree of messages in bulk (see messages).
const schema2 = `
-- Messages that are not in the table of messages yet, at most a few thousand.
CREATE TABLE fresh (
	seq    INTEGER PRIMARY KEY,
	key    BLOB NOT NULL,
	trust  INTEGER NOT NULL,
	raised INTEGER NOT NULL     -- 1: messages has an event of less trust
) STRICT;
`

// A line for a batch costs a twentieth of a line for each message.
const schema3 = `
-- Messages that are not in the table of messages yet, at most a few thousand.
CREATE TABLE recent (
	seq  INTEGER PRIMARY KEY,   -- the event of the first
	keys BLOB NOT NULL          -- of the events from there on, 17 bytes each
) STRICT;
INSERT INTO recent SELECT seq, CAST(key || char(trust * 2 + raised) AS BLOB) FROM fresh;
DROP TABLE fresh;

-- Up to which event the table of messages has those of a quarter of all keys.
CREATE TABLE moved (
	quarter INTEGER PRIMARY KEY, -- by a key's first two bits
	seq     INTEGER NOT NULL
) STRICT;
INSERT INTO moved VALUES (0, 0), (1, 0), (2, 0), (3, 0);
`

// The ids of rows go to a tree of their own in bulk, too (see places).
const schema4 = `
CREATE TABLE rows (
	place  INTEGER PRIMARY KEY,
	kind   INTEGER NOT NULL,
	id     BLOB NOT NULL,
	seq    INTEGER NOT NULL,    -- the event that changed the row last
	state  BLOB NOT NULL,
	points BLOB NOT NULL
) STRICT;
INSERT INTO rows SELECT place, kind, id, seq, state, points FROM board ORDER BY place;
DROP TABLE board;
ALTER TABLE rows RENAME TO board;
CREATE INDEX board_changes ON board (kind, seq);

-- Where each row is, but for those after the place in shelved.
CREATE TABLE places (
	kind  INTEGER NOT NULL,
	id    BLOB NOT NULL,
	place INTEGER NOT NULL,
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO places SELECT kind, id, place FROM board ORDER BY kind, id;

CREATE TABLE shelved (
	one   INTEGER PRIMARY KEY CHECK (one = 1),
	place INTEGER NOT NULL
) STRICT;
INSERT INTO shelved SELECT 1, coalesce(max(place), 0) FROM board;
`

const schema5 = `
-- How far each reader got that must not begin anew.
CREATE TABLE readers (
	name   BLOB NOT NULL PRIMARY KEY,
	cursor INTEGER NOT NULL,    -- every event up to it is done
	done   BLOB NOT NULL        -- and these after it
) STRICT, WITHOUT ROWID;

-- The events that a reader gave up on.
CREATE TABLE failures (
	seq    INTEGER NOT NULL,
	reader BLOB NOT NULL,
	at     INTEGER NOT NULL,    -- microseconds since 1970
	tries  INTEGER NOT NULL,
	reason BLOB NOT NULL,
	PRIMARY KEY (seq, reader)
) STRICT, WITHOUT ROWID;
`

const schema6 = `
ALTER TABLE counters ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0; -- events that retention took away
`

// migrate brings the store up to date, in one transaction.
func migrate(ctx context.Context, c *conn) error {
	if v, err := c.integer(ctx, "PRAGMA user_version"); err != nil || int(v) == schemaVersion {
		return err
	}
	if err := c.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	// Another process may have been faster.
	version, err := c.integer(ctx, "PRAGMA user_version")
	if err != nil {
		return err
	}
	for v := int(version); v < schemaVersion; v++ {
		if err := c.exec(ctx, migrations[v]); err != nil {
			return fmt.Errorf("bring the store from version %d to %d: %w", v, v+1, err)
		}
	}
	if int(version) < schemaVersion {
		mark := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion)
		if err := c.exec(ctx, mark); err != nil {
			return err
		}
	}
	return c.exec(ctx, "COMMIT")
}
