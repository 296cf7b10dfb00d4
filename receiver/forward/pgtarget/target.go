package pgtarget

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/safe"
)

const closeTimeout = 2 * time.Second

// Options configure a Target. URL is required.
type Options struct {
	// URL is postgres://USER@HOST:PORT/DATABASE?table=NAME, with the parameters of libpq. It
	// has no password: that comes from a file or a variable, as libpq knows them.
	URL string
	// Timeout bounds one event. 0 is forward.DefaultTimeout.
	Timeout time.Duration
}

// Target inserts events into a table. It has one connection, which it makes when it is needed.
// Close closes it.
type Target struct {
	name    string
	address address
	timeout time.Duration
	turn    chan struct{}  // has one element, which belongs to who uses conn
	conn    *pgconn.PgConn // nil: not connected
	user    string         // of the connection
	missing atomic.Bool    // the last Check found no table
}

var _ forward.Target = (*Target)(nil)

// New makes a Target. It returns an error if the URL is wrong, or a file that it needs.
func New(o Options) (*Target, error) {
	a, err := parseAddress(o.URL)
	if err != nil {
		return nil, err
	}
	t := &Target{name: safe.Name(o.URL), address: a, timeout: cmp.Or(o.Timeout, forward.DefaultTimeout), turn: make(chan struct{}, 1)}
	t.turn <- struct{}{}
	return t, nil
}

// Name is the URL without the user and without what does not say which table it is.
func (t *Target) Name() string { return t.name }

// take waits for the turn. The returned function ends it.
func (t *Target) take(ctx context.Context) (end func(), err error) {
	select {
	case <-t.turn:
		return func() { t.turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Send inserts an event. It makes the table if it is missing. Events wait for each other.
func (t *Target) Send(ctx context.Context, e *receiver.Event) error {
	end, err := t.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	limited, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	if err = t.ready(limited); err == nil {
		err = t.insert(limited, e)
	}
	if err != nil {
		t.drop() // the next attempt looks at the table again
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, new(*forward.Unreachable)):
		return err
	case limited.Err() != nil:
		return &forward.Refused{Reason: fmt.Sprintf("the server did not take it within %v", t.timeout)}
	default:
		return explainInsert(err)
	}
}

// insert inserts a row. What is no JSON for the server it inserts without that column.
func (t *Target) insert(ctx context.Context, e *receiver.Event) error {
	err := t.insertOnce(ctx, e, true)
	if isAboutJSON(err) {
		err = t.insertOnce(ctx, e, false)
	}
	return err
}

// lockSpace is the first half of the number of the lock. The second one is that of the table.
const lockSpace = "1970287666" // "up42"

// insertOnce inserts a row in a transaction of one round trip. The lock makes those wait that
// insert into the same table elsewhere: so the positions are given in the order of the commits.
func (t *Target) insertOnce(ctx context.Context, e *receiver.Event, withMessage bool) error {
	var b pgconn.Batch
	b.ExecParams("SELECT pg_advisory_xact_lock($1::int, $2::text::regclass::oid::int)", [][]byte{[]byte(lockSpace), []byte(t.address.table.quoted())}, nil, nil, nil)
	statement, values := t.address.table.insert(e, withMessage)
	b.ExecParams(statement, values, nil, nil, nil)
	return t.conn.ExecBatch(ctx, &b).Close()
}

// ready connects if there is no connection, and makes the table if it is missing.
func (t *Target) ready(ctx context.Context) error {
	if t.conn != nil && !t.conn.IsClosed() {
		return nil
	}
	if err := t.connect(ctx); err != nil {
		return err
	}
	missing, err := t.address.table.inspect(ctx, t.conn, t.user)
	if err != nil || !missing {
		return err
	}
	if err := t.address.table.mayCreate(ctx, t.conn, t.user); err != nil {
		return err
	}
	return t.conn.ExecParams(ctx, t.address.table.create(), nil, nil, nil, nil).Read().Err
}

func (t *Target) connect(ctx context.Context) error {
	t.drop()
	c, err := t.address.config()
	if err != nil {
		return &forward.Unreachable{Err: err}
	}
	conn, err := pgconn.ConnectConfig(ctx, c)
	if err != nil {
		return &forward.Unreachable{Err: explainConnect(err, c.User, c.Database)}
	}
	t.conn, t.user = conn, safe.Line(c.User)
	return nil
}

// Check connects and looks at the table. It makes none.
func (t *Target) Check(ctx context.Context) error {
	end, err := t.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	defer t.drop() // Send looks at the table, too
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	if err := t.connect(ctx); err != nil {
		return err
	}
	missing, err := t.address.table.inspect(ctx, t.conn, t.user)
	if t.missing.Store(missing); missing {
		err = t.address.table.mayCreate(ctx, t.conn, t.user)
	}
	if err != nil {
		err = explainInsert(err)
	}
	return err
}

// Advice says what the owner should know after Check, "" if there is nothing.
func (t *Target) Advice() string {
	if t.missing.Load() {
		return "there is no table " + t.address.table.String() + ": the first event makes it"
	}
	return ""
}

// drop closes the connection, and waits for that as long as it may take.
func (t *Target) drop() {
	if t.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_ = t.conn.Close(ctx) // the server notices it, too
	select {
	case <-t.conn.CleanupDone():
	case <-ctx.Done():
	}
	t.conn = nil
}

// Close closes the connection. Send and Check make another one.
func (t *Target) Close() error {
	<-t.turn
	defer func() { t.turn <- struct{}{} }()
	t.drop()
	return nil
}
