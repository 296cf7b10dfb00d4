package dashboard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// maxLogFile is how large the log gets, in bytes. Then it is renamed to *.old, and
// a new one is begun.
const maxLogFile = 8 << 20

// logFile takes the log while the dashboard has the screen. It is safe for
// concurrent use.
type logFile struct {
	name string
	mu   sync.Mutex
	f    *os.File
	size int64
}

// openLogFile opens the file to append to it. It makes the file (0600) and its
// folder (0700) if they do not exist. The caller closes it.
func openLogFile(name string) (*logFile, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("make the log's folder: %w", err)
	}
	l := &logFile{name: name}
	if err := l.open(); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return l, nil
}

func (l *logFile) open() error {
	f, err := os.OpenFile(l.name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	l.f, l.size = f, info.Size()
	return nil
}

// Write appends a line. If the file can't be renamed it keeps growing, so that
// nothing is lost.
func (l *logFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil {
		return 0, fs.ErrClosed
	}
	if l.size > 0 && l.size+int64(len(line)) > maxLogFile {
		l.rotate()
	}
	n, err := l.f.Write(line)
	l.size += int64(n)
	return n, err
}

func (l *logFile) rotate() {
	if os.Rename(l.name, l.name+".old") != nil {
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
