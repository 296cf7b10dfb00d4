package pgtarget

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/up42/up42-webhooks/receiver/safe"
)

// DefaultTable is the table if the URL names none.
const DefaultTable = "up42_events"

// connectTimeout is how long a server may take, unless the URL says otherwise.
const connectTimeout = 5 * time.Second

// address is what a URL says.
type address struct {
	connection string // the URL without the table
	table      table
}

// table is the name of a table: one or two names that need no quotation marks.
type table []string

func (t table) String() string { return strings.Join(t, ".") }

// quoted is the name in SQL: some names are words of the language.
func (t table) quoted() string { return `"` + strings.Join(t, `"."`) + `"` }

var (
	errAddress  = errors.New("want a URL like postgres://user@db.example.com/database, with ?table=NAME for another table than " + DefaultTable)
	errPassword = errors.New("the URL must not have a password in it, because others could see it: write it into ~/.pgpass, or into a file that PGPASSFILE or ?passfile= names")
	errTable    = errors.New("table: want a name in lower case, like up42_events or archive.up42_events")
)

// tableName matches one or two names that need no quotation marks.
var tableName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$`)

// parseAddress reads postgres://USER@HOST:PORT/DATABASE?table=NAME, and what else libpq knows.
// Its errors do not repeat the URL.
func parseAddress(raw string) (a address, err error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Fragment != "" {
		return a, errAddress
	}
	params, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return a, errAddress
	}
	if _, has := u.User.Password(); has || params.Has("password") || params.Has("sslpassword") {
		return a, errPassword
	}
	name := DefaultTable
	if params.Has("table") {
		name = params.Get("table")
	}
	if !tableName.MatchString(name) {
		return a, errTable
	}
	params.Del("table")
	u.RawQuery = params.Encode()
	if u.Host == "" && u.Path == "" {
		u.Path = "/" // without it the client takes the URL for no URL
	}
	a = address{u.String(), strings.Split(name, ".")}
	c, err := a.config()
	if err != nil {
		return a, err
	}
	// What the client does not know is sent to the server, which knows it or refuses it.
	for name := range params {
		if _, sent := c.RuntimeParams[name]; sent && !slices.Contains(serverParams, name) {
			return a, fmt.Errorf("the URL has a parameter that is not known: %s", safe.Line(safe.Shorten(name, 40)))
		}
	}
	return a, nil
}

// serverParams are the parameters of a connection that are for the server.
var serverParams = []string{"application_name", "options", "search_path", "role", "statement_timeout", "lock_timeout", "client_encoding"}

// config reads the parameters again, with the files and variables that they depend on.
func (a address) config() (*pgconn.Config, error) {
	c, err := pgconn.ParseConfig(a.connection)
	if err != nil {
		for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
			err = inner // the outer error repeats the URL
		}
		return nil, fmt.Errorf("the URL, or a file or variable of PostgreSQL, is wrong: %s", safe.Line(err.Error()))
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "up42hooks"
	}
	return c, nil
}
