package outfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/up42/up42-webhooks/receiver/errno"
)

// MaxSettings is how many bytes a file with settings, secrets or certificates may have.
const MaxSettings = 1 << 20

// Patience is how long Read waits for what is not a regular file. Its zero value has the
// defaults.
type Patience struct {
	// Writer is how long it waits for a program that opens a named pipe to write: 3 seconds.
	Writer time.Duration
	// End is how long it waits for the end: a minute, since somebody may have to type a
	// passphrase.
	End time.Duration
}

// pollInterval is how often a named pipe is looked at that nobody has opened to write.
const pollInterval = 10 * time.Millisecond

// Read reads a file whose name comes from the user, and that has at most so many bytes. A
// device such as /dev/zero never ends, a pipe may have no writer, and at a terminal nobody
// knows that something is to be typed. The error of these, and of what the system refuses, is an
// [*Error].
func Read(name string, most int64) ([]byte, error) { return ReadWithin(name, most, Patience{}) }

// ReadWithin is Read with another patience.
func ReadWithin(name string, most int64, p Patience) ([]byte, error) {
	content, err := read(name, most, p)
	return content, Explain(name, err)
}

func read(name string, most int64, p Patience) (content []byte, err error) {
	// Without O_NONBLOCK to open a pipe waits for its writer.
	f, err := os.OpenFile(name, os.O_RDONLY|unblocked, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case isTerminal(f):
		return nil, &Error{Name: name, Problem: "is a terminal", Advice: "name a file, or a pipe that ends"}
	case info.Mode()&fs.ModeNamedPipe != 0:
		content, err = readPipe(f, most, p)
	default:
		content, err = io.ReadAll(io.LimitReader(f, most+1))
	}
	switch {
	case errno.Is(err, syscall.EAGAIN):
		return nil, &Error{Name: name, Problem: "has nothing to read now", Advice: "name a file", Cause: err}
	case err != nil:
		return nil, err
	case int64(len(content)) > most:
		return nil, &Error{Name: name, Problem: fmt.Sprintf("has more than %d MiB", most>>20), Advice: "name another file"}
	}
	return content, nil
}

// isTerminal asks without [os.File.Fd], after which reads have no deadline.
func isTerminal(f *os.File) (is bool) {
	c, err := f.SyscallConn()
	return err == nil && c.Control(func(fd uintptr) { is = term.IsTerminal(int(fd)) }) == nil && is
}

// readPipe reads a pipe until its end.
func readPipe(f *os.File, most int64, p Patience) (content []byte, err error) {
	t, err := Resolve(f.Name())
	if err != nil {
		return nil, err
	}
	began := time.Now()
	_ = f.SetReadDeadline(began.Add(cmp.Or(p.End, time.Minute))) // a system without deadlines waits
	for {
		content, err = io.ReadAll(io.LimitReader(f, most+1))
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, &Error{Name: f.Name(), Problem: "is a pipe that does not end", Advice: "end the program that writes into it, or name a file", Cause: err}
		case err != nil || len(content) > 0 || t.opened:
			return content, err
		case time.Since(began) > cmp.Or(p.Writer, 3*time.Second): // it ends while it has no writer
			return nil, &Error{Name: f.Name(), Problem: "is a pipe that nobody writes into", Advice: "start the program that writes into it, or name a file"}
		}
		time.Sleep(pollInterval)
	}
}
