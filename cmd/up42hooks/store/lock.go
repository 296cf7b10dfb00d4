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

	"golang.org/x/sys/unix"
)

// Lock says that a process receives into a store: one does at a time, any
// number may read. It is an advisory lock on a file beside the store, so it
// ends with the process, however that ends. The file tells the others who
// receives, and where.
type Lock struct{ f *os.File }

// Holder is the error of a store that another process receives into.
type Holder struct {
	// PID and Address are the other's; zero where they are not known (yet).
	PID     int
	Address string
}

func (r *Holder) Error() string {
	where := ""
	if r.PID > 0 {
		where = fmt.Sprintf(" (process %d", r.PID)
		if r.Address != "" {
			where += " on " + r.Address
		}
		where += ")"
	}
	return "another up42hooks" + where + " receives into this store already"
}

func lockFile(store string) string { return store + ".lock" }

// TakeLock takes the lock of a store and makes the store's folder (0700)
// where there is none. Its error is a *receiving where somebody else has the
// lock.
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

// exclusive takes the lock. Whoever only looks (see [heldBy]) has it for an
// instant: that is waited for.
func exclusive(ctx context.Context, f *os.File) error {
	const patience, step = 100, 5 * time.Millisecond
	for range patience {
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
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(step):
		}
	}
	return readHolder(f)
}

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

// Tell writes who receives, for the others to read.
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

// Release gives the lock back. The file stays: were it removed, two processes
// could each lock a file of that name.
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

// HeldBy says who receives into the store; nil: nobody.
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
