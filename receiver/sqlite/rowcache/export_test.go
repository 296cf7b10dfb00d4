package rowcache

import "github.com/up42/up42-webhooks/receiver/sqlite/conn"

// NewCheckerOf is NewChecker with another number of rows that are not encoded.
func NewCheckerOf(limit int, c *conn.Conn, problem func(format string, args ...any)) *Checker {
	x := NewChecker(c, problem)
	x.made.limit = limit
	return x
}
