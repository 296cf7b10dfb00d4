//go:build unix

package pgtarget_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/forward/pgtarget"
	"github.com/up42/up42-webhooks/receiver/forward/pgtarget/postgrestest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// rig is a server, and a connection as its owner.
type rig struct {
	*postgrestest.Server
	db *pgx.Conn
}

// The server is the same for all tests: to make one takes a second or two.
func TestOnPostgreSQL(t *testing.T) {
	server := postgrestest.Start(t)
	for _, tc := range []struct {
		name string
		test func(t *testing.T, r *rig)
	}{
		{"an event is a row", anEventIsARow},
		{"an event that is sent again is one row", anEventThatIsSentAgainIsOneRow},
		{"odd deliveries are rows", oddDeliveriesAreRows},
		{"positions grow with the commits", positionsGrowWithTheCommits},
		{"a table of others", aTableOfOthers},
		{"a table of one's own", aTableOfOnesOwn},
		{"permissions", permissions},
		{"wrong logins", wrongLogins},
		{"a slow server", aSlowServer},
		{"refusals", refusals},
		{"a server that starts again", aServerThatStartsAgain},
	} {
		t.Run(tc.name, func(t *testing.T) {
			db, err := pgx.Connect(t.Context(), server.URL("postgres"))
			require.NoError(t, err)
			r := &rig{server, db}
			defer func() { _ = r.db.Close(context.Background()) }()
			r.exec(t, "DROP TABLE IF EXISTS up42_events")
			tc.test(t, r)
		})
	}
}

func (r *rig) exec(t *testing.T, statements ...string) {
	t.Helper()
	for _, s := range statements {
		_, err := r.db.Exec(t.Context(), s)
		require.NoError(t, err, s)
	}
}

// target makes a target with more parameters.
func (r *rig) target(t *testing.T, more string) *pgtarget.Target {
	t.Helper()
	return open(t, r.URL("postgres")+more)
}

func open(t *testing.T, url string) *pgtarget.Target {
	t.Helper()
	p, err := pgtarget.New(pgtarget.Options{URL: url, Timeout: 5 * time.Second})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, forward.Close(p)) })
	return p
}

// rows returns the rows of a query as texts.
func (r *rig) rows(t *testing.T, query string) (out []string) {
	t.Helper()
	rows, err := r.db.Query(t.Context(), query)
	require.NoError(t, err)
	out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (text string, err error) {
		return text, row.Scan(&text)
	})
	require.NoError(t, err)
	return out
}

func event(message string) *receiver.Event {
	e := receivertest.Order("92ceac2c", "FULFILLED", receivertest.At(time.Date(2026, 1, 2, 3, 4, 5, 678_000, time.UTC)))
	e.Seq, e.MessageID, e.Webhook = 7, message, "w-1"
	e.Raw = fmt.Appendf(nil, `{"event": "order.status", "messageId": %q}`, message)
	return e
}

func anEventIsARow(t *testing.T, r *rig) {
	p := r.target(t, "")
	require.NoError(t, p.Check(t.Context()))
	assert.Equal(t, "there is no table up42_events: the first event makes it", p.Advice())
	assert.Equal(t, []string{""}, r.rows(t, "SELECT coalesce(to_regclass('up42_events')::text, '')"), "a check makes nothing")
	e := event("m1")
	e.ConflictsWith = 3
	require.NoError(t, p.Send(t.Context(), e))
	require.NoError(t, p.Check(t.Context()))
	assert.Empty(t, p.Advice())
	var got struct {
		Position, Seq, ConflictsWith                                        int64
		ReceivedAt, HappenedAt                                              time.Time
		Event, Kind, ID, TaskID, Status, SubStatus, Class, Verdict, Webhook string
		Final, Live                                                         bool
	}
	require.NoError(t, r.db.QueryRow(t.Context(), `SELECT position, seq, conflicts_with, received_at, happened_at, event, kind, id, task_id, status, sub_status, class,
		verdict, webhook, final, live FROM up42_events`).Scan(&got.Position, &got.Seq, &got.ConflictsWith, &got.ReceivedAt, &got.HappenedAt, &got.Event, &got.Kind, &got.ID, &got.TaskID,
		&got.Status, &got.SubStatus, &got.Class, &got.Verdict, &got.Webhook, &got.Final, &got.Live))
	assert.Equal(t, "1 7 3", fmt.Sprint(got.Position, got.Seq, got.ConflictsWith))
	assert.WithinDuration(t, e.ReceivedAt, got.ReceivedAt, 0)
	assert.WithinDuration(t, e.Timestamp, got.HappenedAt, 0)
	assert.Equal(t, "order.status order 92ceac2c FULFILLED succeeded verified w-1", strings.Join([]string{got.Event, got.Kind, got.ID, got.Status, got.Class, got.Verdict, got.Webhook}, " "))
	assert.Empty(t, got.TaskID+got.SubStatus)
	assert.True(t, got.Final && got.Live)
	assert.Equal(t, []string{"m1"}, r.rows(t, "SELECT message->>'messageId' FROM up42_events"))
	assert.Equal(t, []string{string(e.Raw)}, r.rows(t, "SELECT convert_from(raw, 'UTF8') FROM up42_events"), "byte for byte")
}

func anEventThatIsSentAgainIsOneRow(t *testing.T, r *rig) {
	p := r.target(t, "")
	for _, message := range []string{"m1", "m2", "m1", "m1"} {
		e := event(message)
		if message == "m1" {
			e.Seq = 99
		}
		require.NoError(t, p.Send(t.Context(), e))
	}
	conflict := event("m1")
	conflict.ConflictsWith = 1
	require.NoError(t, p.Send(t.Context(), conflict))
	require.NoError(t, p.Close())
	require.NoError(t, p.Send(t.Context(), event("m2")), "it connects again")
	assert.Equal(t, []string{"m1", "m2"}, r.rows(t, "SELECT message_id FROM up42_events ORDER BY position")[:2])
	assert.Len(t, r.rows(t, "SELECT message_id FROM up42_events"), 3, "an event with another body is another event")
}

// What PostgreSQL has no place for, in its texts or its JSON, costs no event.
func oddDeliveriesAreRows(t *testing.T, r *rig) {
	p := r.target(t, "")
	for i, raw := range []string{
		`{"event":"x","a":"\u0000"}`, `{"event":"x","a":"\ud800"}`, `{"event":"x","a":1e999999}`, "{\"event\":\"x\",\"a\":\"\xff\"}",
		`{"event":"x","a":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + "}", `{"event":"x"}`,
	} {
		e := event(fmt.Sprint("m", i, "\x00\xff"))
		e.ID, e.Status, e.Raw = "a\x00b\xff", "S\x00", []byte(raw)
		require.NoError(t, p.Send(t.Context(), e), raw)
	}
	long := event(strings.Repeat("m", 100_000))
	require.NoError(t, p.Send(t.Context(), long))
	assert.Equal(t, []string{"0", "1", "2", "3", "4"}, r.rows(t, "SELECT substr(message_id, 2, 1) FROM up42_events WHERE message IS NULL ORDER BY position"))
	assert.Equal(t, []string{"7"}, r.rows(t, "SELECT count(*)::text FROM up42_events WHERE length(raw) > 0"))
	assert.Equal(t, []string{"a\ufffdb\ufffd"}, r.rows(t, "SELECT DISTINCT id FROM up42_events WHERE message_id LIKE 'm%'"))
}

// Several programs forward into one table. Whoever reads behind the last position that he has
// seen misses no row.
func positionsGrowWithTheCommits(t *testing.T, r *rig) {
	const programs, events = 4, 60
	require.NoError(t, r.target(t, "").Send(t.Context(), event("first")))
	var sending sync.WaitGroup
	done := make(chan struct{})
	for n := range programs {
		p := r.target(t, "")
		sending.Go(func() {
			for i := range events {
				assert.NoError(t, p.Send(t.Context(), event(fmt.Sprint("m-", n, "-", i))))
			}
		})
	}
	go func() { sending.Wait(); close(done) }()
	last, seen := int64(0), 0
	for ended := false; ; {
		rows, err := r.db.Query(t.Context(), "SELECT position FROM up42_events WHERE position > $1 ORDER BY position", last)
		require.NoError(t, err)
		page, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		require.NoError(t, err)
		for _, position := range page {
			last, seen = position, seen+1
		}
		if ended {
			break
		}
		select {
		case <-done:
			ended = true // and one page more
		default:
		}
	}
	assert.Equal(t, 1+programs*events, seen)
}

func aTableOfOthers(t *testing.T, r *rig) {
	for statement, want := range map[string]string{
		"CREATE TABLE up42_events (id int)":                                                                               "the table up42_events has other columns: position is missing, message_id is missing",
		"CREATE TABLE up42_events (id int); ":                                                                             "id is integer in place of text",
		"ALTER TABLE up42_events DROP COLUMN raw, ALTER seq TYPE integer":                                                 "the table up42_events has other columns: seq is integer in place of bigint, raw is missing; name another table in ?table=, or change this one",
		"ALTER TABLE up42_events ADD tenant text NOT NULL":                                                                "the table up42_events has other columns: tenant needs a value;",
		"ALTER TABLE up42_events DROP CONSTRAINT up42_events_pkey; ALTER TABLE up42_events ALTER message_id SET NOT NULL": "message_id has no unique index: CREATE UNIQUE INDEX ON up42_events (message_id)",
	} {
		r.exec(t, "DROP TABLE IF EXISTS up42_events")
		if strings.HasPrefix(statement, "ALTER") {
			require.NoError(t, r.target(t, "").Send(t.Context(), event("m")))
			r.exec(t, "TRUNCATE up42_events")
		}
		r.exec(t, statement)
		p := r.target(t, "")
		assert.ErrorContains(t, p.Check(t.Context()), want, statement)
		var refused *forward.Refused
		require.ErrorAs(t, p.Send(t.Context(), event("m")), &refused)
		assert.Contains(t, refused.Reason, want)
		assert.True(t, refused.All, "it is about all events")
		assert.False(t, refused.Permanent, "the owner may change the table")
	}
	// The table changes while it is used.
	r.exec(t, "DROP TABLE up42_events")
	p := r.target(t, "")
	require.NoError(t, p.Send(t.Context(), event("m1")))
	r.exec(t, "ALTER TABLE up42_events RENAME raw TO other")
	require.Error(t, p.Send(t.Context(), event("m2")))
	require.ErrorContains(t, p.Send(t.Context(), event("m2")), "raw is missing, other needs a value")
	r.exec(t, "DROP TABLE up42_events")
	require.NoError(t, p.Send(t.Context(), event("m2")), "it is made again")
}

func aTableOfOnesOwn(t *testing.T, r *rig) {
	r.exec(t, "DROP SCHEMA IF EXISTS archive CASCADE", "CREATE SCHEMA archive")
	p := r.target(t, "&table=archive.orders_1")
	require.NoError(t, p.Send(t.Context(), event("m1")))
	r.exec(t, "ALTER TABLE archive.orders_1 ADD note text, ADD since timestamptz NOT NULL DEFAULT now()")
	p = r.target(t, "&table=archive.orders_1")
	require.NoError(t, p.Check(t.Context()), "columns that need no value may be there")
	require.NoError(t, p.Send(t.Context(), event("m2")))
	assert.Equal(t, []string{"2"}, r.rows(t, "SELECT count(*)::text FROM archive.orders_1"))
	assert.Equal(t, "postgres://"+r.Address+"/postgres?table=archive.orders_1", p.Name())
}

// as returns the URL for a user, whose password is in a file.
func (r *rig) as(t *testing.T, user, password, database string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pgpass")
	require.NoError(t, os.WriteFile(file, []byte("*:*:*:"+user+":"+password+"\n"), 0o600))
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable&passfile=%s", user, r.Address, database, url.QueryEscape(file))
}

func permissions(t *testing.T, r *rig) {
	r.exec(t, "DROP ROLE IF EXISTS ada", "CREATE ROLE ada LOGIN PASSWORD 'hush'")
	p := open(t, r.as(t, "ada", "hush", "postgres"))
	for _, want := range []string{
		"there is no table up42_events, and the user ada may not make it: make it yourself (the documentation has it), or GRANT CREATE ON its schema",
		"the user ada may not insert: GRANT SELECT, INSERT ON up42_events TO ada",
		"",
	} {
		for name, err := range map[string]error{"check": p.Check(t.Context()), "send": p.Send(t.Context(), event("m1"))} {
			if want == "" {
				require.NoError(t, err, name)
				continue
			}
			assert.EqualError(t, err, want, name)
		}
		switch {
		case strings.HasPrefix(want, "there is no"):
			require.NoError(t, r.target(t, "").Send(t.Context(), event("m0")))
		case want != "":
			r.exec(t, "GRANT SELECT, INSERT ON up42_events TO ada")
		}
	}
	r.exec(t, "REVOKE INSERT ON up42_events FROM ada")
	var refused *forward.Refused
	require.ErrorAs(t, p.Send(t.Context(), event("m2")), &refused)
	assert.Equal(t, forward.Refused{Reason: "the server does not take it: permission denied for table up42_events (42501)", All: true}, *refused)
	r.exec(t, "GRANT INSERT ON up42_events TO ada", "ALTER ROLE ada SET default_transaction_read_only = on")
	require.NoError(t, p.Close())
	require.ErrorContains(t, p.Send(t.Context(), event("m2")), "the server takes no changes: name the primary one")
	r.exec(t, "DROP OWNED BY ada", "DROP ROLE ada")
}

func wrongLogins(t *testing.T, r *rig) {
	const dead = "127.0.0.1:1" // no test can be given this port
	for url, want := range map[string]string{
		r.as(t, "postgres", "wrong-hush", "postgres"):               "the server refuses the password of postgres: write it into ~/.pgpass, or into a file that PGPASSFILE or ?passfile= names, with mode 0600",
		r.as(t, "nobody", "hush", "postgres"):                       "the server refuses the password of nobody: write it",
		r.URL("none"):                                               "there is no database none: make it (createdb none), or correct the URL",
		strings.Replace(r.URL("postgres"), "disable", "require", 1): "the server has no TLS: add ?sslmode=disable",
		strings.Replace(r.URL("postgres"), r.Address, dead, 1):      "no server answers: start it, or correct the URL (connection refused)",
	} {
		p := open(t, url)
		for _, err := range []error{p.Check(t.Context()), p.Send(t.Context(), event("m1"))} {
			require.ErrorContains(t, err, want)
			assert.ErrorAs(t, err, new(*forward.Unreachable))
			assert.NotContains(t, err.Error(), "hush")
			assert.NotContains(t, err.Error(), "\n")
		}
	}
}

// Somebody holds the table.
func aSlowServer(t *testing.T, r *rig) {
	require.NoError(t, r.target(t, "").Send(t.Context(), event("m0")))
	p, err := pgtarget.New(pgtarget.Options{URL: r.URL("postgres"), Timeout: 2 * time.Second})
	require.NoError(t, err)
	defer p.Close()
	require.NoError(t, p.Send(t.Context(), event("m1")))
	tx, err := r.db.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "LOCK TABLE up42_events")
	require.NoError(t, err)
	require.EqualError(t, p.Send(t.Context(), event("m2")), "the server did not take it within 2s")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	require.ErrorIs(t, p.Send(ctx, event("m2")), context.Canceled)
	require.NoError(t, tx.Rollback(t.Context()))
	require.Eventually(t, func() bool { return p.Send(t.Context(), event("m2")) == nil }, time.Minute, time.Millisecond)
	assert.Len(t, r.rows(t, "SELECT message_id FROM up42_events"), 3)
}

// A constraint of the owner is about one event, which is not tried for a day.
func refusals(t *testing.T, r *rig) {
	p := r.target(t, "")
	require.NoError(t, p.Send(t.Context(), event("m1")))
	r.exec(t, "ALTER TABLE up42_events ADD CHECK (message_id <> 'bad')")
	var refused *forward.Refused
	require.ErrorAs(t, p.Send(t.Context(), event("bad")), &refused)
	assert.True(t, refused.Permanent)
	assert.False(t, refused.All)
	assert.Contains(t, refused.Reason, "violates check constraint")
	assert.NotContains(t, refused.Reason, "order.status", "no data")
	require.NoError(t, p.Send(t.Context(), event("m2")))
}

// The server is gone for a while. The forwarder keeps the events, and their order.
func aServerThatStartsAgain(t *testing.T, r *rig) {
	log := receivertest.NewLog()
	p := r.target(t, "")
	require.NoError(t, log.SaveCheckpoint(t.Context(), p.Name(), receiver.Checkpoint{}))
	f := forward.New(forward.Options{Log: log, Checkpoints: log, Target: p})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { assert.NoError(t, f.Run(ctx)) })
	defer running.Wait()
	defer cancel()
	add := func(message string) {
		e := event(message)
		e.ReceivedAt = time.Now()
		log.Add(e)
	}
	add("m1")
	require.Eventually(t, func() bool { return f.Status().Sent == 1 }, time.Minute, time.Millisecond)
	r.Stop()
	add("m2")
	require.Eventually(t, func() bool { return f.Status().Err != "" }, time.Minute, time.Millisecond)
	r.Server.Start()
	add("m3")
	require.Eventually(t, func() bool { return f.Status().Sent == 3 }, time.Minute, time.Millisecond)
	var err error
	r.db, err = pgx.Connect(t.Context(), r.URL("postgres"))
	require.NoError(t, err)
	assert.Equal(t, []string{"m1", "m2", "m3"}, r.rows(t, "SELECT message_id FROM up42_events ORDER BY position"))
}

func TestWrongURLs(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	for raw, want := range map[string]string{
		"postgres://ada@127.0.0.1/up42":                           "",
		"postgresql://ada@a:5432,b:5432/up42?table=x.y":           "",
		"postgres:///up42?host=/run/postgresql":                   "",
		"mysql://127.0.0.1/up42":                                  "want a URL like postgres://",
		"postgres://ada@127.0.0.1/up42#x":                         "want a URL like postgres://",
		"postgres://ada:hush@127.0.0.1/up42":                      "must not have a password in it, because others could see it: write it into ~/.pgpass",
		"postgres://127.0.0.1/up42?password=hush":                 "must not have a password in it",
		"postgres://127.0.0.1/up42?sslpassword=hush":              "must not have a password in it",
		"postgres://127.0.0.1/up42?table=":                        "table: want a name in lower case",
		"postgres://127.0.0.1/up42?table=Orders":                  "table: want a name in lower case",
		"postgres://127.0.0.1/up42?table=a.b.c":                   "table: want a name in lower case",
		"postgres://127.0.0.1/up42?table=x%22%3Bdrop%20table%20y": "table: want a name in lower case",
		"postgres://127.0.0.1/up42?tabel=orders":                  "the URL has a parameter that is not known: tabel",
		"postgres://127.0.0.1/up42?sslmode=perhaps":               "is wrong: ",
		"postgres://127.0.0.1:port/up42":                          "want a URL like postgres://",
		"postgres://?service=hush-none&servicefile=/none/such":    "is wrong: ",
	} {
		_, err := pgtarget.New(pgtarget.Options{URL: raw})
		if want == "" {
			require.NoError(t, err, raw)
			continue
		}
		require.ErrorContains(t, err, want, raw)
		assert.NotContains(t, err.Error(), "hush@")
		assert.NotContains(t, err.Error(), "=hush")
	}
}
