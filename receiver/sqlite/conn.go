package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"
)

// How a file is opened. None creates it.
const (
	modeRead  = "ro"
	modeWrite = "rw"
)

// sourceName is the driver's name for a file, whatever characters its path has.
func sourceName(file, mode string, busy time.Duration) string {
	q := url.Values{
		"mode":          {mode},
		"_busy_timeout": {strconv.FormatInt(max(1, busy.Milliseconds()), 10)},
		"_error_rc":     {"1"},
		"_dqs":          {"0"},
	}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + q.Encode()
}

// conn is a connection below database/sql, which would add its locks and copies
// to every statement of the writer. It is not safe for concurrent use.
type conn struct {
	raw   driver.Conn
	stmts map[string]driver.Stmt
	args  []driver.NamedValue // of change
}

func dial(ctx context.Context, source string) (*conn, error) {
	connector, err := sqlite.NewConnector(source)
	if err != nil {
		return nil, err
	}
	raw, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{raw: raw, stmts: map[string]driver.Stmt{}}, nil
}

// close ends the connection, and with it a transaction that was not committed.
func (c *conn) close() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.raw.Close())
}

// exec runs statements that are not worth keeping prepared.
func (c *conn) exec(ctx context.Context, script string) error {
	_, err := c.raw.(driver.ExecerContext).ExecContext(ctx, script, nil)
	return err
}

// prepared is the statement for a query, kept for the next time.
func (c *conn) prepared(query string) (driver.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.raw.Prepare(query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

// run executes a prepared statement and returns how many rows it changed.
func (c *conn) run(query string, args []driver.NamedValue) (int64, error) {
	s, err := c.prepared(query)
	if err != nil {
		return 0, err
	}
	// A write is not to be cut short: its end is COMMIT or an error.
	r, err := s.(driver.StmtExecContext).ExecContext(context.Background(), args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// change executes a prepared statement that must change one row.
func (c *conn) change(query string, values ...driver.Value) error {
	c.args = c.args[:0]
	for i, v := range values {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	defer clear(c.args)
	changed, err := c.run(query, c.args)
	if err == nil && changed != 1 {
		err = fmt.Errorf("%s: %d rows changed, not 1", query, changed)
	}
	return err
}

// each calls f with each row of the result. The values are f's until it returns.
func (c *conn) each(ctx context.Context, query string, args []driver.NamedValue, f func([]driver.Value) error) (err error) {
	s, err := c.prepared(query)
	if err != nil {
		return err
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	values := make([]driver.Value, len(rows.Columns()))
	for {
		switch err := rows.Next(values); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := f(values); err != nil {
			return err
		}
	}
}

// has says whether a query results in anything.
func (c *conn) has(ctx context.Context, query string, values ...driver.Value) (found bool, err error) {
	var args []driver.NamedValue
	for i, v := range values {
		args = append(args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	err = c.each(ctx, query, args, func([]driver.Value) error {
		found = true
		return nil
	})
	return found, err
}

// integer is the one value that a query results in.
func (c *conn) integer(ctx context.Context, query string) (int64, error) {
	var n int64
	err := c.each(ctx, query, nil, func(v []driver.Value) error {
		var ok bool
		if n, ok = v[0].(int64); !ok {
			return fmt.Errorf("%s: no number but %v", query, v[0])
		}
		return nil
	})
	return n, err
}

// text is the one value that a query results in.
func (c *conn) text(ctx context.Context, query string) (string, error) {
	var s string
	err := c.each(ctx, query, nil, func(v []driver.Value) error {
		s, _ = v[0].(string)
		return nil
	})
	return s, err
}

// maxBulk is how many rows one statement takes. More gain nothing.
const maxBulk = 64

// bulk is a statement for many rows at once: head, then row for each, then
// tail. It collects the rows' arguments and keeps the texts it has made.
type bulk struct {
	head, row, tail string
	width           int // arguments in a row
	queries         [maxBulk + 1]string
	args            []driver.NamedValue
}

func newBulk(head, row, tail string) *bulk {
	return &bulk{head: head, row: row, tail: tail, width: strings.Count(row, "?")}
}

// add collects a row.
func (b *bulk) add(row ...driver.Value) {
	for _, v := range row {
		b.args = append(b.args, driver.NamedValue{Ordinal: len(b.args)%(maxBulk*b.width) + 1, Value: v})
	}
}

// chunks calls f for each statement that the collected rows need, and forgets
// them.
func (b *bulk) chunks(f func(query string, args []driver.NamedValue, rows int) error) error {
	defer b.clear()
	for args := b.args; len(args) > 0; {
		n := min(maxBulk, len(args)/b.width)
		if err := f(b.query(n), args[:n*b.width], n); err != nil {
			return err
		}
		args = args[n*b.width:]
	}
	return nil
}

// run executes the statement for all rows; each row must change one.
func (b *bulk) run(c *conn) error {
	return b.chunks(func(query string, args []driver.NamedValue, rows int) error {
		changed, err := c.run(query, args)
		if err == nil && changed != int64(rows) {
			err = fmt.Errorf("%s…: %d rows changed, not %d", b.head, changed, rows)
		}
		return err
	})
}

// each calls f with each row of the results.
func (b *bulk) each(c *conn, f func([]driver.Value) error) error {
	return b.chunks(func(query string, args []driver.NamedValue, _ int) error {
		return c.each(context.Background(), query, args, f)
	})
}

func (b *bulk) query(n int) string {
	if b.queries[n] == "" {
		b.queries[n] = b.head + strings.Repeat(b.row+", ", n-1) + b.row + b.tail
	}
	return b.queries[n]
}

// clear also lets go of the bodies that the arguments hold.
func (b *bulk) clear() {
	clear(b.args)
	b.args = b.args[:0]
}
