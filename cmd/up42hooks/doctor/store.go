package doctor

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize"
	"golang.org/x/sys/unix"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// lookAtStore is the check of the store and of who can read it.
func (e *examination) lookAtStore(ctx context.Context) (out []finding) {
	file := e.config.Store
	log, err := store.OpenReader(ctx, e.Env, file)
	if errors.Is(err, sqlite.ErrMissing) {
		return append([]finding{found(noted, "there is no store %s yet: the receiver makes it at its first start", file)}, aboutFolder(file)...)
	}
	if err != nil {
		return append([]finding{storeFailure(file, err)}, aboutFolder(file)...)
	}
	out = aboutContent(ctx, log)
	if err := log.Close(); err != nil {
		out = append(out, storeFailure(file, err))
	}
	out = append(out, aboutWriting(file)...)
	out = append(out, aboutPrivacy(file)...)
	return append(out, aboutFolder(file)...)
}

// aboutContent is about what is in the store, and whether it is sound.
func aboutContent(ctx context.Context, log *sqlite.Log) []finding {
	info, err := log.Info(ctx)
	if err != nil {
		return []finding{storeFailure(log.File(), err)}
	}
	return []finding{
		found(healthy, "%s holds %s and %d rejected in %s (layout %d)", log.File(),
			cli.Count(int(info.Events()), "event"), info.Kept, humanize.IBytes(uint64(info.Size)), info.Schema),
		aboutIntegrity(ctx, log, info.Size),
	}
}

// storeFailure is what the store says is wrong, parted from what to do.
func storeFailure(file string, err error) finding {
	var known *sqlite.Error
	if !errors.As(err, &known) {
		return found(failing, "%v", err).do("see whether %s can be read", file)
	}
	what, todo, _ := strings.Cut(string(known.Failure), ": ")
	return found(failing, "store %s %s", file, what).do("%s", todo)
}

// thorough is the size, in bytes, up to which all of a store is looked at, which
// takes a second or two; of a larger one only SQLite's structure is.
const thorough = 16 << 20

// aboutIntegrity is about the soundness of a store of some size.
func aboutIntegrity(ctx context.Context, log *sqlite.Log, size int64) finding {
	if size > thorough {
		return aboutStructure(ctx, log.File())
	}
	checked, err := log.Verify(ctx)
	switch {
	case ctx.Err() != nil:
		return found(noted, "it could not be looked at in time").do("up42hooks store verify")
	case len(checked.Problems) > 0:
		return damaged(checked.Problems[0])
	case err != nil:
		return storeFailure(log.File(), err)
	default:
		return found(healthy, "it is sound: every event and every row")
	}
}

func aboutStructure(ctx context.Context, file string) finding {
	problem, err := quickCheck(ctx, file)
	switch {
	case ctx.Err() != nil:
		return found(noted, "it could not be looked at in time").do("up42hooks store verify")
	case err != nil:
		return found(failing, "it can't be looked at: %v", err).do("check the disk")
	case problem != "":
		return damaged(problem)
	default:
		return found(healthy, "its structure is sound; up42hooks store verify looks at every event, too")
	}
}

func damaged(problem string) finding {
	return found(failing, "it is damaged: %s", problem).
		do("up42hooks store verify tells all; stop the receiver and move the file away, but keep it: up42hooks store export may still read most of it")
}

// quickCheck returns the first problem that SQLite finds in a file, "" where
// there is none. It can't write.
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

// aboutWriting is a failure where the receiver could not write the store.
func aboutWriting(file string) []finding {
	if err := unix.Access(file, unix.W_OK); err != nil {
		return []finding{found(failing, "%s can't be written: %v", file, err).do("give yourself write permission, or choose another file with --store")}
	}
	return nil
}

// aboutFolder is about who can use the store's folder, where there is one.
func aboutFolder(file string) []finding {
	folder := standing(filepath.Dir(file))
	if err := unix.Access(folder, unix.W_OK|unix.X_OK); err != nil {
		return []finding{found(failing, "nothing can be made in %s: %v", folder, err).
			do("give yourself write permission, or choose another place with --store")}
	}
	info, err := os.Stat(folder)
	if err != nil || folder != filepath.Dir(file) {
		return nil // the receiver makes it, for its user only
	}
	switch perm := info.Mode().Perm(); {
	case perm&0o022 != 0 && info.Mode()&fs.ModeSticky == 0:
		return []finding{found(doubtful, "other users can write into %s (%04o)", folder, perm).do("chmod 700 %s", folder)}
	case perm&0o077 != 0:
		return []finding{found(noted, "other users can look into %s (%04o)", folder, perm).do("chmod 700 %s, where it is for the store alone", folder)}
	default:
		return nil
	}
}

// standing is the folder, or the nearest one above it that there is.
func standing(folder string) string {
	for {
		_, err := os.Stat(folder)
		above := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || above == folder {
			return folder
		}
		folder = above
	}
}

// lookAtDisk is the check of the room that the store has to grow.
func (e *examination) lookAtDisk(context.Context) []finding {
	folder := standing(filepath.Dir(e.config.Store))
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return []finding{found(doubtful, "can't tell how much room there is in %s: %v", folder, err)}
	}
	block := uint64(s.Bsize)
	return []finding{aboutRoom(folder, uint64(s.Bavail)*block, uint64(s.Blocks)*block)}
}

// How much room is little, in bytes or as a part of the disk, and how much is
// too little to go on with.
const (
	littleRoom    = 1 << 30
	littleShare   = 20 // a twentieth
	tooLittleRoom = 50 << 20
)

func aboutRoom(folder string, free, total uint64) finding {
	f := found(healthy, "%s of %s are free in %s", humanize.IBytes(free), humanize.IBytes(total), folder)
	switch {
	case free < tooLittleRoom:
		f.State = failing
	case free < littleRoom || free < total/littleShare:
		f.State = doubtful
	default:
		return f
	}
	return f.do("free some space there, or keep fewer events")
}
