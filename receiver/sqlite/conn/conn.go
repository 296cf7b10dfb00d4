// Package conn is a connection to a SQLite file below database/sql.
//
// The writer of a store has one connection and one goroutine, so it needs no pool. When a
// transaction fails it must close exactly this connection, and [Bulk] needs arguments as
// the driver has them. Readers, which are many, use database/sql.
//
// Measured: to insert and find a row, database/sql makes 28 allocations, Conn 22 and Bulk
// 6 (BenchmarkStatement).
package conn

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"modernc.org/sqlite"
)

// Conn is a connection. It keeps its prepared statements. It is not safe for
// concurrent use.
type Conn struct {
	raw   driver.Conn
	stmts map[string]driver.Stmt
	args  []driver.NamedValue // of Run
}

// Open opens a connection to a source, which [Source] names. The caller closes it.
func Open(ctx context.Context, source string) (*Conn, error) {
	connector, err := sqlite.NewConnector(source)
	if err != nil {
		return nil, err
	}
	raw, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &Conn{raw: raw, stmts: map[string]driver.Stmt{}}, nil
}

// Close closes the connection. It rolls back a transaction that is not committed.
func (c *Conn) Close() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.raw.Close())
}

// Exec runs statements once. It does not keep them prepared.
func (c *Conn) Exec(ctx context.Context, script string) error {
	_, err := c.raw.(driver.ExecerContext).ExecContext(ctx, script, nil)
	return err
}

// prepared returns the statement for a query and keeps it for the next time.
func (c *Conn) prepared(query string) (driver.Stmt, error) {
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

// Run executes a prepared statement and returns how many rows it changed. It has no
// context: a write must not be interrupted, it ends with COMMIT or an error.
func (c *Conn) Run(query string, values ...driver.Value) (int64, error) {
	c.args = appendArgs(c.args[:0], values)
	defer clear(c.args)
	return c.run(query, c.args)
}

// RunUntil is Run for what may be interrupted: it ends with ctx.
func (c *Conn) RunUntil(ctx context.Context, query string, values ...driver.Value) (int64, error) {
	return c.runUntil(ctx, query, appendArgs(nil, values))
}

func (c *Conn) run(query string, args []driver.NamedValue) (int64, error) {
	return c.runUntil(context.Background(), query, args)
}

func (c *Conn) runUntil(ctx context.Context, query string, args []driver.NamedValue) (int64, error) {
	s, err := c.prepared(query)
	if err != nil {
		return 0, err
	}
	r, err := s.(driver.StmtExecContext).ExecContext(ctx, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Change executes a prepared statement that must change exactly one row.
func (c *Conn) Change(query string, values ...driver.Value) error {
	changed, err := c.Run(query, values...)
	if err == nil && changed != 1 {
		err = fmt.Errorf("%s: %d rows changed, not 1", query, changed)
	}
	return err
}

// Each calls f with each row of a query's result. The values are valid until f returns.
func (c *Conn) Each(ctx context.Context, query string, f func([]driver.Value) error, values ...driver.Value) error {
	return c.each(ctx, query, appendArgs(nil, values), f)
}

func (c *Conn) each(ctx context.Context, query string, args []driver.NamedValue, f func([]driver.Value) error) (err error) {
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
		// The driver looks at the context only before the first row.
		if err := ctx.Err(); err != nil {
			return err
		}
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

// Has reports whether a query has a result.
func (c *Conn) Has(ctx context.Context, query string, values ...driver.Value) (found bool, err error) {
	err = c.Each(ctx, query, func([]driver.Value) error {
		found = true
		return nil
	}, values...)
	return found, err
}

// Int returns the one integer that a query results in.
func (c *Conn) Int(ctx context.Context, query string, values ...driver.Value) (n int64, err error) {
	err = c.Each(ctx, query, func(v []driver.Value) error {
		var ok bool
		if n, ok = v[0].(int64); !ok {
			return fmt.Errorf("%s: not a number: %v", query, v[0])
		}
		return nil
	}, values...)
	return n, err
}

// Text returns the one text that a query results in.
func (c *Conn) Text(ctx context.Context, query string) (s string, err error) {
	err = c.Each(ctx, query, func(v []driver.Value) error {
		s, _ = v[0].(string)
		return nil
	})
	return s, err
}

func appendArgs(args []driver.NamedValue, values []driver.Value) []driver.NamedValue {
	for i, v := range values {
		args = append(args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return args
}
