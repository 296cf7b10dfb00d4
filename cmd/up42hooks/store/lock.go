package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

// Lock is the right to write to a store. One process at a time has it; any number
// may read the store. It ends with the process, however the process ends.
//
// There are two locks. One is on a file beside the store, which says who has it: the
// process id and the address of the receiver. All symbolic links to the store lead to
// this file. It needs no access to the store itself, so a viewer can ask for the holder
// while SQLite has the store open: when a process closes a file, SQLite's locks of that
// process on the file end.
//
// The other lock is on the store itself, so that hard links and a deleted lock file
// admit nobody either. Only Linux has it: there it has nothing to do with SQLite's locks
// on the same file. See [lockStore].
type Lock struct {
	store string // its path without symbolic links
	isNew bool   // there was no file for the lock
	// held is the lock of the file beside the store. file is the lock of the store,
	// nil where only the first one exists.
	held, file *fileLock
}

// Holder is the process that has the lock. As an error it means that the lock is
// taken.
type Holder struct {
	// PID and Address may be zero, if the process has not written them yet.
	PID     int
	Address string
	// Generated says that the process has the generated secret, as no other is configured for it.
	Generated bool
}

// Error says that the store is in use.
func (h *Holder) Error() string {
	where := ""
	if h.PID > 0 {
		where = fmt.Sprintf(" (process %d", h.PID)
		if h.Address != "" {
			where += " on " + h.Address
		}
		where += ")"
	}
	if !h.Receives() {
		return "another up42hooks" + where + " uses this store: wait until it has ended"
	}
	return "another up42hooks" + where + " receives into this store already"
}

// Receives reports whether it is a receiver, which says where it is as soon as it has started. Others are
// commands that change the store.
func (h *Holder) Receives() bool { return h.Address != "" }

func lockFile(store string) string { return store + beside.Lock }

// TakeLock takes the lock of a store. It makes the store's folder (0700) if that does
// not exist. If another process has the lock, the error is a *Holder.
func TakeLock(ctx context.Context, store string) (_ *Lock, err error) {
	l := &Lock{}
	if l.store, err = place(store); err != nil {
		return nil, fmt.Errorf("store %w, with --store FILE", err)
	}
	_, err = os.Lstat(lockFile(l.store))
	l.isNew = errors.Is(err, fs.ErrNotExist)
	if err = l.hold(ctx); err == nil {
		err = l.Tell("", false)
	}
	if err != nil {
		_ = l.unlock() // what matters is why it was not taken
		return nil, err
	}
	return l, nil
}

// place returns the path of a store without symbolic links, and makes its folder. A link may
// lead to where nothing is yet. What is no file is refused, before there is a lock beside it.
func place(store string) (string, error) {
	t, err := outfile.Resolve(store)
	if err != nil {
		return "", err
	}
	if !t.Replaceable() {
		return "", &outfile.Error{Name: store, Problem: "is not a file", Advice: "name another one"}
	}
	return t.Path, outfile.Explain(t.Path, folder.Make(filepath.Dir(t.Path)))
}

// hold takes the lock of the file beside the store, which must have its name then: [Lock.Discard] may
// have removed one that was opened before. Some file systems give a file another number each time.
func (l *Lock) hold(ctx context.Context) error {
	const tries, interval = 100, 5 * time.Millisecond
	for range tries {
		l.held = newFileLock(lockFile(l.store), os.O_RDWR|os.O_CREATE)
		if err := exclusive(ctx, l.held); err != nil {
			return err
		}
		held, err := l.held.Stat()
		named, missing := os.Stat(lockFile(l.store))
		if err == nil && missing == nil && os.SameFile(held, named) {
			return nil
		}
		if err := errors.Join(err, l.held.Close()); err != nil {
			return lockError(lockFile(l.store), err)
		}
		if !retry.Sleep(ctx, interval) {
			return ctx.Err()
		}
	}
	return fmt.Errorf("lock %s: it is another file each time: choose a store on a local disk with --store FILE", lockFile(l.store))
}

// exclusive takes a lock. [HeldBy] holds a shared lock for an instant, so exclusive
// tries again while the lock is only shared.
func exclusive(ctx context.Context, f *fileLock) error {
	const tries, interval = 100, 5 * time.Millisecond
	for range tries {
		if err := ctx.Err(); err != nil {
			return err
		}
		ok, err := f.TryLock()
		if ok || err != nil {
			return lockError(f.Path(), err)
		}
		if ok, err = f.TryRLock(); err != nil {
			return lockError(f.Path(), err)
		}
		if !ok {
			return readHolder(f.Path())
		}
		if err := f.Unlock(); err != nil {
			return lockError(f.Path(), err)
		}
		if !retry.Sleep(ctx, interval) {
			return ctx.Err()
		}
	}
	return readHolder(f.Path())
}

// lockError says what to do about a lock that can't be taken.
func lockError(file string, err error) error {
	switch {
	case err == nil:
		return nil
	case noLocks(err):
		return fmt.Errorf("lock %s: its file system has no locks, so a second receiver would not be noticed: choose a file on a local disk with --store FILE", file)
	case errors.Is(err, fs.ErrPermission), errno.Is(err, syscall.EROFS):
		return fmt.Errorf("the store's lock %w, with --store FILE", outfile.Explain(file, err))
	default:
		return fmt.Errorf("the lock %w", outfile.Explain(file, err))
	}
}

// noLocks reports whether an error says that a file system has no locks.
func noLocks(err error) bool {
	return errno.Is(err, syscall.ENOTSUP) || errno.Is(err, syscall.ENOLCK) || errno.Is(err, syscall.ENOSYS)
}

// Tell writes the process id, the address, and whether the secret is a generated one into the lock
// file, for [HeldBy]. It also takes the lock of the store itself, if the store exists now.
func (l *Lock) Tell(address string, generated bool) error {
	text := fmt.Appendf(nil, "%d %s", os.Getpid(), address)
	if generated {
		text = append(text, " "+generatedMark...)
	}
	text = append(text, '\n')
	if err := l.write(text); err != nil {
		return fmt.Errorf("the store's lock %w, with --store FILE", outfile.Explain(lockFile(l.store), err))
	}
	if l.file != nil {
		return nil
	}
	var err error
	l.file, err = lockStore(l.store)
	return err
}

// Release releases the lock. The store must be closed before. It does not remove the
// lock file, because a program of another version could lock it then, while this one locks a new one.
func (l *Lock) Release() error {
	return errors.Join(l.clear(), l.unlock())
}

// Discard releases the lock of what is perhaps no store, and removes its file if that was not there before.
func (l *Lock) Discard() error {
	if !l.isNew {
		return l.Release()
	}
	return l.remove()
}

func (l *Lock) unlock() (err error) {
	if l.file != nil {
		err = l.file.Close()
	}
	return errors.Join(err, l.held.Close())
}

func readHolder(lockFile string) *Holder {
	text, err := os.ReadFile(lockFile)
	if err != nil {
		return &Holder{}
	}
	pid, rest, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	n, _ := strconv.Atoi(pid)
	address, mark, _ := strings.Cut(rest, " ")
	return &Holder{PID: n, Address: address, Generated: mark == generatedMark}
}

// generatedMark says in the lock file that the secret is a generated one.
const generatedMark = "generated"

// HeldBy returns the process that has the lock of a store, or nil if no process has it.
func HeldBy(store string) (*Holder, error) {
	real, err := fileid.Real(store)
	if err != nil {
		return nil, fmt.Errorf("find the store: %w", err)
	}
	f := newFileLock(lockFile(real), os.O_RDONLY)
	ok, err := f.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look at the store's lock: %w", err)
	case !ok:
		return readHolder(f.Path()), nil
	default:
		return nil, f.Close()
	}
}
