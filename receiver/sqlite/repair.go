package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
	"github.com/up42/up42-webhooks/receiver/sqlite/salvage"
)

const (
	// The name of a repaired store ends with repairingSuffix while it is made, and with
	// repairedSuffix when it is whole, until it replaces the damaged one. From then on
	// each step is a rename, and a second repair goes on where the first one ended.
	repairingSuffix = beside.Repairing
	repairedSuffix  = beside.Repaired
)

// Salvaged says what could be read of a damaged store, and what is missing.
type Salvaged = salvage.Result

// RepairResult says what a repair did.
type RepairResult struct {
	// Sound says that nothing had to be repaired.
	Sound bool
	// Noted is what a receiver found wrong with a sound store, so that it took no deliveries, "" if
	// none did. It is wrong no more: the memory or the disk failed for a moment, or what was missing is
	// back. The next receiver takes deliveries again.
	Noted string
	// Resumed says that an earlier repair was interrupted, and is done now. What it could
	// read is not known any more.
	Resumed bool
	// Kept is the path of the damaged file.
	Kept string
	// Problem is the first sign of damage.
	Problem string
	Salvaged
}

// Salvage writes what can be read of a damaged store, as [Log.Export] does. The caller
// makes sure that this process has no Log of the store.
func Salvage(ctx context.Context, file string, w io.Writer) (Salvaged, error) {
	file, err := realFile(file)
	if err != nil {
		return Salvaged{}, err
	}
	m, _, err := guard.ReadMark(file)
	if err != nil {
		return Salvaged{}, explain(file, "look at its mark", err)
	}
	s, err := salvage.Export(ctx, file, w, salvage.Options{PageSize: pageSize, Last: m.Stored})
	return s, explain(file, "read what is left of it", err)
}

// Repair replaces a damaged store with one that has all that can be read of it. It keeps
// the damaged file, and its write-ahead log, under another name. It changes nothing if
// the store is sound, or if the file was never a store. If it fails, the damaged store stays as it was; if it is
// interrupted, a second call continues.
//
// The caller makes sure that nobody else has the store open for writing.
func Repair(ctx context.Context, file string) (r RepairResult, err error) {
	if file, err = realFile(file); err != nil {
		return r, err
	}
	if _, err := os.Stat(file + repairedSuffix); err == nil { // interrupted
		r.Problem, r.Resumed = "an earlier repair was interrupted", true
		r.Kept, err = swap(file)
		return r, explain(file, "replace it with the repaired store", err)
	}
	noted, err := KnownDamage(file)
	if err != nil {
		return r, err
	}
	if r.Problem, err = problemOf(ctx, file); err != nil {
		return r, err
	}
	if r.Sound = r.Problem == ""; r.Sound {
		r.Noted = noted
		return r, explain(file, "remove its mark", guard.RemoveMark(file))
	}
	if err := create(file); err != nil { // if only its write-ahead log is left
		return r, err
	}
	temp := file + repairingSuffix
	if r.Salvaged, err = rebuild(ctx, file, temp); err == nil {
		err = checkStore(file, r.Recognized)
	}
	if err != nil {
		return r, errors.Join(err, explain(temp, "remove it", removeStore(temp)))
	}
	if err := os.Rename(temp, file+repairedSuffix); err != nil {
		return r, explain(temp, "rename it", err)
	}
	r.Kept, err = swap(file)
	return r, explain(file, "replace it with the repaired store", err)
}

// problemOf returns the first problem of a store, or "" if it is sound. An error says
// that it can't be repaired.
func problemOf(ctx context.Context, file string) (string, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem, err := asProblem(checkEmpty(file))
		if err == nil && problem == "" {
			err = &Error{File: file, Failure: ErrMissing}
		}
		return problem, err
	case err != nil:
		return "", explain(file, "look at it", err)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("store %s is not a file: choose another name", file)
	}
	if err := checkNames(file, info); err != nil {
		return "", err
	}
	if info.Size() == 0 {
		return asProblem(checkEmpty(file))
	}
	if sign, err := lacksItsEnd(ctx, file, Options{}.withDefaults()); sign != "" || err != nil {
		problem, err := asProblem(explain(file, "look at it", err))
		return cmp.Or(sign, problem), err
	}
	l, err := Open(ctx, file, Options{ReadOnly: true})
	if err != nil {
		return asProblem(err)
	}
	checked, err := l.Verify(ctx, nil)
	if err := errors.Join(err, l.Close()); err != nil {
		return asProblem(err)
	}
	for _, p := range checked.Problems {
		if !checked.marked(p) {
			return p, nil
		}
	}
	return "", nil
}

// checkStore returns an error if a file that can't be opened was never a store: its name was
// probably mistaken. recognized says that something in it is that of a store.
func checkStore(file string, recognized bool) error {
	if recognized {
		return nil
	}
	ok, err := belongs(file)
	if err == nil && !ok {
		return &Error{File: file, Failure: ErrNothing}
	}
	return explain(file, "look at its beginning", err)
}

// belongs reports whether a file is that of a store although nothing in it can be read: by the
// mark in its header, or by what a receiver leaves beside it.
func belongs(file string) (bool, error) {
	// This process has no lock on the file that its end could lose: the caller says so.
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	header := make([]byte, 100)
	n, err := io.ReadFull(f, header)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	if n == len(header) && bytes.HasPrefix(header, []byte("SQLite format 3\x00")) {
		if id := binary.BigEndian.Uint32(header[68:]); id != 0 {
			return id == applicationID, nil
		}
	}
	return exists(file+"-wal") || exists(file+guard.Suffix), nil
}

// asProblem returns an error that a repair may mend as a problem.
func asProblem(err error) (string, error) {
	if errors.Is(err, ErrDamaged) || errors.Is(err, ErrDisk) || errors.Is(err, ErrInterrupted) {
		known := &Error{}
		if errors.As(err, &known) && known.Cause != nil {
			err = known.Cause
		}
		first, _, _ := strings.Cut(err.Error(), "\n")
		return first, nil
	}
	return "", err
}

// rebuild makes a store of what can be read of another one.
func rebuild(ctx context.Context, file, temp string) (s Salvaged, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		var err error
		s, err = Salvage(ctx, file, in)
		done <- in.CloseWithError(err)
	}()
	lines, err := exchange.NewReader(out)
	if err == nil {
		_, err = build(ctx, temp, lines)
	}
	_ = out.CloseWithError(receiver.ErrClosed) // ends the goroutine after an error
	<-done
	return s, err
}

// swap gives the damaged store another name and the repaired one its name. It returns
// the new name of the damaged store.
func swap(file string) (kept string, err error) {
	repaired := file + repairedSuffix
	info, err := os.Stat(repaired)
	if err != nil {
		return "", err
	}
	// The same name after an interruption.
	kept = file + beside.Damaged + info.ModTime().UTC().Format("20060102-150405")
	for exists(kept) && exists(file) {
		kept += "-2"
	}
	if err := os.Remove(file + "-shm"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	for _, name := range [][2]string{{file + "-wal", kept + "-wal"}, {file, kept}, {repaired, file}} {
		// A power cut must leave what was done until here: the repaired file has a name that
		// says so, and comes beside no log of the damaged one.
		if err := folder.Sync(filepath.Dir(file)); err != nil {
			return "", err
		}
		if err := os.Rename(name[0], name[1]); err != nil && (name[0] == repaired || !errors.Is(err, fs.ErrNotExist)) {
			return "", err
		}
	}
	return kept, errors.Join(folder.Sync(filepath.Dir(file)), guard.RemoveMark(file))
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
