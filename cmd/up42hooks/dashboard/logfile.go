package dashboard

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// maxLogFile is how large the log gets, in bytes. Then it is renamed to *.old, and
// a new one is begun.
const maxLogFile = 8 << 20

// unreadLog is how long a line waits for the reader of a pipe.
const unreadLog = time.Second

// logFile takes the log while the dashboard has the screen. It is safe for
// concurrent use.
type logFile struct {
	name   string
	mu     sync.Mutex
	f      *os.File
	target *outfile.Target
	size   int64
}

// openLogFile opens the file to append to it. It makes the file (0600) and its
// folder (0700) if they do not exist. The caller closes it.
func openLogFile(name string) (*logFile, error) {
	l := &logFile{name: name}
	if err := l.openFirst(); err != nil {
		return nil, fmt.Errorf("the log %w, with --log", err)
	}
	return l, nil
}

// OpenLog opens the file of the log that is configured. The caller calls closeLog, which writes what
// is left.
func OpenLog(c *config.Config) (logger *slog.Logger, closeLog func() error, err error) {
	file, err := openLogFile(c.Log)
	if err != nil {
		return nil, nil, err
	}
	logger, done := config.NewPatientLogger(file, c)
	return logger, func() error {
		done()
		return file.Close()
	}, nil
}

func (l *logFile) openFirst() error {
	t, err := outfile.Resolve(l.name)
	if err != nil {
		return err
	}
	if err := folder.Make(filepath.Dir(t.Path)); err != nil {
		return outfile.Explain(l.name, err)
	}
	return l.open()
}

func (l *logFile) open() error {
	f, t, err := outfile.Append(l.name)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	l.f, l.target, l.size = f, t, info.Size()
	return nil
}

// Write appends a line. If the file can't be renamed it keeps growing, so that
// nothing is lost. A line for a pipe that nobody reads is lost.
func (l *logFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil {
		return 0, fs.ErrClosed
	}
	if l.size > 0 && l.size+int64(len(line)) > maxLogFile {
		l.rotate()
	}
	_ = l.f.SetWriteDeadline(time.Now().Add(unreadLog)) // only pipes have deadlines
	n, err := l.f.Write(line)
	l.size += int64(n)
	return n, err
}

// rotate renames the file that the name leads to, and begins a new one there. What is no
// regular file is neither renamed nor replaced.
func (l *logFile) rotate() {
	old, err := outfile.Resolve(l.target.Path + ".old")
	if err != nil || !l.target.Replaceable() || !old.Replaceable() || os.Rename(l.target.Path, old.Path) != nil {
		return
	}
	before := l.f
	if l.open() == nil {
		_ = before.Close() // everything is written already
	}
}

// Close closes the file. What is logged later is lost.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.f.Close()
	l.f = nil
	return err
}
