package guard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
)

// Suffix is what the name of the mark has after that of the store.
const Suffix = beside.Mark

// Mark is a small file beside a store. It is there while a receiver runs, after an end
// that was not in order, and as long as the store is damaged. It is text, for people who
// look at it.
type Mark struct {
	// Inode is that of the store.
	Inode uint64
	// Stored is the last event that was stored and may have been answered.
	Stored int64
	// Written is when the receiver wrote to the store's file last, in nanoseconds since
	// 1970; 0: it is just doing that.
	Written int64
	// Damage says why the store counts as damaged until it is repaired. It is "" if
	// no damage was noticed.
	Damage string
}

const (
	markHead   = "up42hooks store: a receiver runs, or did not end in order\nstored "
	markFormat = markHead + "%020d\nwritten %020d\ninode %d\n"
	// The places of the numbers that change.
	storedAt  = int64(len(markHead))
	writtenAt = storedAt + int64(len("00000000000000000000\nwritten "))
	damaged   = "damaged "
)

// ReadMark reads the mark of a store. ok is false if the mark is missing, or if a power cut
// left only a part of it.
func ReadMark(store string) (m Mark, ok bool, err error) {
	text, err := os.ReadFile(store + Suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return Mark{}, false, nil
	}
	if err != nil {
		return Mark{}, false, err
	}
	if _, rest, found := strings.Cut(string(text), "\n"+damaged); found {
		m.Damage = strings.TrimSpace(rest)
	}
	_, err = fmt.Sscanf(string(text), markFormat, &m.Stored, &m.Written, &m.Inode)
	return m, err == nil || m.Damage != "", nil
}

func (m *Mark) text() string {
	return fmt.Sprintf(markFormat, m.Stored, m.Written, m.Inode) + m.damageLine()
}

// damageLine is the line about the damage, "" without damage.
func (m *Mark) damageLine() string {
	if m.Damage == "" {
		return ""
	}
	return damaged + strings.ReplaceAll(m.Damage, "\n", " ") + "\n"
}

// write makes the mark, so that it survives a power cut.
func (m *Mark) write(store string) error {
	part := store + beside.MarkPart
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(m.text())
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return errors.Join(os.Rename(part, store+Suffix), folder.Sync(filepath.Dir(store)))
}

// appendDamage appends the damage to a mark that is there, so that it survives a power cut. The mark is
// not replaced: a [Guard] may have it open, and Windows replaces no file that is open. The line before
// may lack its end, after a power cut.
func (m *Mark) appendDamage(store string) error {
	f, err := os.OpenFile(store+Suffix, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("\n" + m.damageLine())
	return errors.Join(err, f.Sync(), f.Close(), folder.Sync(filepath.Dir(store)))
}

// MarkDamaged writes into the mark of a store that it is damaged, and why. An earlier
// reason stays.
func MarkDamaged(store, reason string) error {
	m, ok, err := ReadMark(store)
	if err != nil || m.Damage != "" {
		return err
	}
	m.Damage = time.Now().UTC().Format(time.RFC3339) + ": " + reason
	if ok {
		return m.appendDamage(store)
	}
	return m.write(store)
}

// RemoveOwnMark is RemoveMark at the end of a receiver. Another one that writes to the store, though it
// should not, may have the mark open: then Windows does not remove it, and it is that one's.
func RemoveOwnMark(store string) error {
	if err := RemoveMark(store); !errno.Is(err, syscall.ETXTBSY) {
		return err
	}
	return nil
}

// RemoveMark removes the mark of a store, if there is one.
func RemoveMark(store string) error {
	if err := os.Remove(store + Suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
