package pgtarget

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// mistake is an error that stays until its owner does something. It says what.
type mistake struct{ text string }

func (m *mistake) Error() string { return m.text }

// The classes of SQLSTATE that are about the row: data that the server can't take, limits of
// the program, and constraints.
const (
	classData       = "22"
	classLimit      = "54"
	classConstraint = "23"
)

// isAboutJSON reports whether a row may be taken without its message as JSON.
func isAboutJSON(err error) bool {
	pg := (*pgconn.PgError)(nil)
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, classData) || strings.HasPrefix(pg.Code, classLimit))
}

// explainInsert returns what an error means for the forwarder.
func explainInsert(err error) error {
	m, pg := (*mistake)(nil), (*pgconn.PgError)(nil)
	if errors.As(err, &m) {
		return &forward.Refused{Reason: m.text, All: true}
	}
	if !errors.As(err, &pg) {
		return &forward.Refused{Reason: "the connection was lost: " + short(err)}
	}
	r := &forward.Refused{Reason: "the server does not take it: " + words(pg)}
	switch class := pg.Code[:min(2, len(pg.Code))]; class {
	case classData, classLimit:
		r.Permanent = true
	case classConstraint:
		r.All = pg.Code == noValue
		r.Permanent = !r.All
	case "42", "25", "3D", "3F", "53", "57", "58": // the table, the transaction, resources, the operator, the system
		r.All = true
	}
	if pg.Code == readOnly {
		r.Reason = "the server takes no changes: name the primary one, or several with ?target_session_attrs=read-write (" + words(pg) + ")"
	}
	return r
}

const (
	readOnly = "25006"
	noValue  = "23502" // a column that is not ours needs one
)

// explainConnect says in a line what to do about a connection that failed.
func explainConnect(err error, user, database string) error {
	pg, op := (*pgconn.PgError)(nil), (*net.OpError)(nil)
	name := (*net.DNSError)(nil)
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	if errors.As(err, &pg) {
		return explainGreeting(pg, user, database)
	}
	switch {
	case errors.As(err, &name):
		return errors.New("the host is not known: correct the URL")
	case errors.As(err, &unknown):
		return errors.New("the certificate of the server is not trusted: name the file of its authority in ?sslrootcert=")
	case errors.As(err, &host):
		return fmt.Errorf("the certificate of the server is not for this host: %s", short(err))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("the server does not answer: start it, or correct the URL")
	case strings.Contains(err.Error(), "server refused TLS"):
		return errors.New("the server has no TLS: add ?sslmode=disable if it is on this machine, or switch TLS on there")
	case errors.As(err, &op):
		return fmt.Errorf("no server answers: start it, or correct the URL (%s)", short(op.Err))
	default:
		return fmt.Errorf("can't connect: %s", short(err))
	}
}

// explainGreeting explains why a server lets nobody in.
func explainGreeting(pg *pgconn.PgError, user, database string) error {
	user, database = safe.Line(user), safe.Line(database)
	switch pg.Code {
	case "28P01":
		return fmt.Errorf("the server refuses the password of %s: write it into ~/.pgpass, or into a file that PGPASSFILE or ?passfile= names, with mode 0600", user)
	case "28000":
		return fmt.Errorf("the server refuses the user %s: %s", user, words(pg))
	case "3D000":
		return fmt.Errorf("there is no database %s: make it (createdb %s), or correct the URL", database, database)
	default:
		return fmt.Errorf("the server lets nobody in: %s", words(pg))
	}
}

// words are those of the server, without the details, which quote the data.
func words(pg *pgconn.PgError) string {
	return safe.Shorten(safe.Line(pg.Message), 200) + " (" + safe.Line(pg.Code) + ")"
}

// short is the innermost error as a part of a line: the outer ones repeat the address.
func short(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return safe.Shorten(safe.Line(err.Error()), 200)
}
