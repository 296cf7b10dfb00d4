package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
	"golang.org/x/sys/unix"
)

// Lock is the right to write to a store. One process at a time has it; any number
// may read the store. It is an advisory lock on a file next to the store, so it ends
// with the process, however the process ends. The file contains the process id and
// the address of the receiver.
type Lock struct{ f *os.File }

// Holder is the process that has the lock. As an error it means that the lock is
// taken.
type Holder struct {
	// PID and Address may be zero, if the process has not written them yet.
	PID     int
	Address string
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
	return "another up42hooks" + where + " receives into this store already"
}

func lockFile(store string) string { return store + ".lock" }

// TakeLock takes the lock of a store. It makes the store's folder (0700) if that does
// not exist. If another process has the lock, the error is a *Holder.
func TakeLock(ctx context.Context, store string) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(store), 0o700); err != nil {
		return nil, fmt.Errorf("make the store's folder: %w: choose another place with --store FILE", err)
	}
	f, err := os.OpenFile(lockFile(store), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the store's lock: %w: give yourself write permission there, or choose another place with --store FILE", err)
	}
	l := &Lock{f}
	if err = exclusive(ctx, f); err == nil {
		err = l.Tell("")
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return l, nil
}

// exclusive takes the lock. [HeldBy] holds a shared lock for an instant, so exclusive
// tries again while the lock is only shared.
func exclusive(ctx context.Context, f *os.File) error {
	const tries, interval = 100, 5 * time.Millisecond
	for range tries {
		err := flock(f, unix.LOCK_EX)
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		if err := flock(f, unix.LOCK_SH); errors.Is(err, unix.EWOULDBLOCK) {
			return readHolder(f)
		} else if err != nil {
			return err
		}
		if err := flock(f, unix.LOCK_UN); err != nil {
			return err
		}
		if !retry.Sleep(ctx, interval) {
			return ctx.Err()
		}
	}
	return readHolder(f)
}

// flock locks or unlocks a file without waiting.
func flock(f *os.File, how int) error {
	for {
		err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
		if err == nil || errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		if !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("lock %s: %w", f.Name(), err)
		}
	}
}

// Tell writes the process id and the address into the lock file, for [HeldBy].
func (l *Lock) Tell(address string) error {
	text := fmt.Appendf(nil, "%d %s\n", os.Getpid(), address)
	if err := l.f.Truncate(0); err != nil {
		return fmt.Errorf("write the store's lock: %w", err)
	}
	if _, err := l.f.WriteAt(text, 0); err != nil {
		return fmt.Errorf("write the store's lock: %w", err)
	}
	return nil
}

// Release releases the lock. It does not remove the file, because then two processes
// could lock two files with this name.
func (l *Lock) Release() error {
	return errors.Join(l.f.Truncate(0), l.f.Close())
}

func readHolder(f *os.File) *Holder {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 1024))
	if err != nil {
		return &Holder{}
	}
	pid, address, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	n, _ := strconv.Atoi(pid)
	return &Holder{PID: n, Address: address}
}

// HeldBy returns the process that has the lock of a store, or nil if no process has it.
func HeldBy(store string) (*Holder, error) {
	f, err := os.Open(lockFile(store))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the store's lock: %w", err)
	}
	defer f.Close()
	err = flock(f, unix.LOCK_SH)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return readHolder(f), nil
	}
	return nil, err
}
