package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/elapsed"
)

// oldBackup is how long the store may have an event that the backup lacks: a backup that is
// made once a day was missed.
const oldBackup = 48 * time.Hour

// The advice about a backup: one that can be opened may be replaced, others are not touched.
const (
	replaceBackup = "up42hooks store backup --replace %s makes a new one"
	makeBackup    = "if it is your backup, delete it: then up42hooks store backup %s makes a new one"
	nameBackup    = "name the backup with --backup; up42hooks store backup FILE makes one"
)

// checkBackup opens the backup that is named, as a restore would, and compares it with the
// store.
func (e *examination) checkBackup(ctx context.Context) []finding {
	file := e.config.Backup
	if file == "" {
		return []finding{found(note, "no backup is named").todo("up42hooks store backup FILE makes one, and --backup FILE has it checked here")}
	}
	made, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []finding{found(fail, "there is no backup %s", file).todo("up42hooks store backup %s makes one", safe.Word(file))}
	case err != nil:
		return []finding{found(fail, "the backup can't be used: %v", outfile.Explain(file, err)).todo(nameBackup)}
	case made.Size() == 0:
		return []finding{found(fail, "the backup %s is empty", file).todo(makeBackup, safe.Word(file))}
	}
	if err := outfile.RefuseStore(file, e.config.Store); err != nil {
		return []finding{found(fail, "it is no backup: %s is the store, or belongs to it", file).todo(nameBackup)}
	}
	log, err := store.OpenReader(ctx, e.Env, file)
	if err != nil {
		return []finding{aboutUnreadable(file, err)}
	}
	out := e.aboutBackup(ctx, log, made.ModTime())
	if err := log.Close(); err != nil {
		out = append(out, aboutUnreadable(file, err))
	}
	return out
}

// aboutUnreadable says why a backup can't be opened.
func aboutUnreadable(file string, err error) finding {
	f := storeError(file, err)
	f.State, f.Detail = fail, "the backup can't be used: "+f.Detail
	switch {
	case errors.Is(err, sqlite.ErrOlder):
		return f.todo(replaceBackup, safe.Word(file))
	case errors.Is(err, sqlite.ErrForeign), errors.Is(err, sqlite.ErrNothing):
		return f.todo(nameBackup)
	default:
		return f.todo(makeBackup, safe.Word(file))
	}
}

// aboutBackup describes a backup and checks it.
func (e *examination) aboutBackup(ctx context.Context, log *sqlite.Log, made time.Time) []finding {
	info, err := log.Info(ctx)
	if err != nil {
		return []finding{aboutUnreadable(log.File(), err)}
	}
	f := found(ok, "%s holds %s, was written %s ago", log.File(), cli.Count(int(info.Events()), "event"), elapsed.Long(e.since(made)))
	if info.Last.Seq > 0 {
		f.Detail += ", and its newest event came " + elapsed.Long(e.since(info.Last.At)) + " ago"
	}
	sound := aboutIntegrity(ctx, log, info.Size)
	if sound.State == fail {
		sound.Detail = "the backup: " + sound.Detail
		sound = sound.todo(replaceBackup, safe.Word(log.File()))
	}
	return []finding{f, sound, e.aboutLag(ctx, log, &info)}
}

func (e *examination) since(t time.Time) time.Duration { return max(0, e.Now().Sub(t)) }

// aboutLag says how far a backup is behind the store.
func (e *examination) aboutLag(ctx context.Context, backup *sqlite.Log, b *sqlite.Info) (f finding) {
	if e.config.Store == "" {
		return found(note, "it is not compared: there is no store")
	}
	log, err := store.OpenReader(ctx, e.Env, e.config.Store)
	if err != nil {
		return found(note, "it is not compared: the store can't be opened").
			todo("to go on with the backup, stop the receiver, move the store's files away, and copy the backup to %s", e.config.Store)
	}
	defer func() {
		if err := log.Close(); err != nil {
			f = storeError(e.config.Store, err)
		}
	}()
	same, err := sameEvent(ctx, log, backup, b.Last.Seq)
	if err != nil {
		return storeError(e.config.Store, err)
	}
	s, err := log.Info(ctx)
	if err != nil {
		return storeError(e.config.Store, err)
	}
	if !same || s.LastSeq < b.LastSeq {
		return found(fail, "it is of another store, or the store has lost events: its newest event (%d) is not in the store", b.Last.Seq).
			todo("find out which of the two is right before you replace either")
	}
	return e.lag(ctx, log, s.LastSeq-b.LastSeq, b.LastSeq)
}

// sameEvent reports whether two stores have the same event with a number, or one of them has
// it no more.
func sameEvent(ctx context.Context, a, b *sqlite.Log, seq int64) (bool, error) {
	if seq == 0 {
		return true, nil
	}
	in, err := receiver.EventAt(ctx, a, seq, false)
	other, failed := receiver.EventAt(ctx, b, seq, false)
	if err = errors.Join(err, failed); err != nil || in == nil || other == nil {
		return err == nil, err
	}
	return in.MessageID == other.MessageID && in.ReceivedAt.Equal(other.ReceivedAt), nil
}

// lag says how many events a backup lacks that goes up to an event, and for how long.
func (e *examination) lag(ctx context.Context, log *sqlite.Log, behind, last int64) finding {
	if behind == 0 {
		return found(ok, "it has every event of the store")
	}
	f := found(ok, "it is %s behind the store", cli.Count(int(behind), "event"))
	lacks, err := log.Events(ctx, receiver.EventQuery{After: last, Limit: 1, Oldest: true})
	if err != nil {
		return storeError(log.File(), err)
	}
	if len(lacks) == 0 || e.since(lacks[0].ReceivedAt) < oldBackup {
		return f
	}
	f.State, f.Detail = warn, f.Detail+", the first came "+elapsed.Long(e.since(lacks[0].ReceivedAt))+" ago"
	return f.todo(replaceBackup, safe.Word(e.config.Backup))
}
