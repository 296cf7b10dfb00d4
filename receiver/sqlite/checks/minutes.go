package checks

import (
	"context"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

const (
	ofMinute = `SELECT coalesce((SELECT seq FROM minutes WHERE minute = ?), 9223372036854775807)`
	// What a reader asks who looks for events by time.
	sinceMinute = `SELECT coalesce(min(seq), 9223372036854775807) FROM minutes WHERE minute >= ?`
)

// Minutes checks that events are found by their time. Its zero value is ready.
type Minutes struct {
	last  int64 // the minute of the last event
	begun bool
	found int64 // an event that is not found
}

// Add checks an event that came in a minute since 1970. The events must come in their order. It
// returns the first event that is not found, once.
func (m *Minutes) Add(ctx context.Context, c *conn.Conn, seq, minute int64) (missing int64, err error) {
	if m.found != 0 || m.begun && minute == m.last {
		return 0, nil
	}
	m.last, m.begun = minute, true
	for _, query := range []string{ofMinute, sinceMinute} { // the second one is slow
		first, err := c.Int(ctx, query, minute)
		if err != nil || first <= seq {
			return 0, err
		}
	}
	m.found = seq
	return seq, nil
}
