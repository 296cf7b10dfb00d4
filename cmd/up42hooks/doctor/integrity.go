package doctor

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"

	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// fullCheck is the size in bytes up to which the whole store is checked, which takes
// one or two seconds. Of a larger one only SQLite's structure is checked.
const fullCheck = 16 << 20

// aboutIntegrity checks whether a store of some size is damaged.
func aboutIntegrity(ctx context.Context, log *sqlite.Log, size int64) finding {
	if known, err := sqlite.KnownDamage(log.File()); err == nil && known != "" {
		return damaged(log.File(), known)
	}
	if size > fullCheck {
		return aboutStructure(ctx, log.File())
	}
	checked, err := log.Verify(ctx, nil)
	switch {
	case ctx.Err() != nil:
		return outOfTime()
	case len(checked.Problems) > 0:
		return damaged(log.File(), checked.Problems[0])
	case err != nil:
		return storeError(log.File(), err)
	default:
		return found(ok, "it is sound: every event and every row")
	}
}

func aboutStructure(ctx context.Context, file string) finding {
	problem, err := quickCheck(ctx, file)
	switch {
	case ctx.Err() != nil:
		return outOfTime()
	case err != nil:
		return found(fail, "it can't be checked: %v", err).todo("check the disk")
	case problem != "":
		return damaged(file, problem)
	default:
		return found(ok, "its structure is sound; up42hooks store verify also checks every event")
	}
}

func outOfTime() finding {
	return found(note, "it could not be checked in time").todo("up42hooks store verify")
}

func damaged(file, problem string) finding {
	return found(fail, "it is damaged: %s", problem).
		todo("up42hooks store verify --store %[1]s lists all problems; stop the receiver and run up42hooks store repair --store %[1]s, which keeps the old file", safe.Word(file))
}

// quickCheck returns the first problem that SQLite finds in a file, or "". It opens
// the file read-only.
func quickCheck(ctx context.Context, file string) (problem string, err error) {
	source := "file:" + (&url.URL{Path: file}).EscapedPath() + "?mode=ro&_query_only=1"
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&problem); err != nil {
		return "", err
	}
	if problem == "ok" {
		problem = ""
	}
	return problem, nil
}

// storeError separates the store's error from what to do about it.
func storeError(file string, err error) finding {
	var known *sqlite.Error
	if !errors.As(err, &known) {
		return found(fail, "%v", err).todo("check whether %s can be read", file)
	}
	s := fail
	if errors.Is(err, sqlite.ErrOlder) {
		s = note
	}
	what, todo, _ := strings.Cut(known.Words(), ": ")
	return found(s, "store %s %s", file, what).todo("%s", todo)
}
