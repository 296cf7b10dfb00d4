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

-- The keys of all messages but the recent ones, each with its event of the highest
-- trust, and the keys of bodies that claim to be one of these messages. Retention does not
-- delete them.
CREATE TABLE dedup (
	key   BLOB NOT NULL PRIMARY KEY,
	trust INTEGER NOT NULL,
	seq   INTEGER NOT NULL,
	body  INTEGER NOT NULL      -- the digest of the event's body
) STRICT, WITHOUT ROWID;

-- The keys of recent messages that are not in dedup yet, a few thousand at most.
CREATE TABLE dedup_recent (
	seq  INTEGER PRIMARY KEY,   -- of the first event
	keys BLOB NOT NULL          -- of that event and the following, 25 bytes each
) STRICT;

-- Up to which event dedup has the messages of a partition, a quarter of all keys.
CREATE TABLE dedup_moved (
	partition INTEGER PRIMARY KEY, -- the first two bits of a key
	seq       INTEGER NOT NULL
) STRICT;
INSERT INTO dedup_moved VALUES (0, 0), (1, 0), (2, 0), (3, 0);

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
	conflicts    INTEGER NOT NULL DEFAULT 0  -- events that conflict with an earlier one
) STRICT;
INSERT INTO counters (one) VALUES (1);
