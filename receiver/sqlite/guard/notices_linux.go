package guard

import (
	"encoding/binary"
	"errors"

	"golang.org/x/sys/unix"
)

// notices are what the system tells about changes of a file (inotify): whether somebody has
// written to it, or has only changed its attributes, such as its times. They have no
// descriptor of the file itself: to close one would end SQLite's locks.
type notices struct{ fd int }

// watch returns the notices of a file from now on. They are nil if the system has none left.
func watch(file string) *notices {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil
	}
	if _, err := unix.InotifyAddWatch(fd, file, unix.IN_MODIFY|unix.IN_ATTRIB); err != nil {
		_ = unix.Close(fd)
		return nil
	}
	return &notices{fd}
}

// read returns what has happened to the file since the last call.
func (n *notices) read() (written, touched bool) {
	if n == nil {
		return false, false
	}
	var buf [64 * unix.SizeofInotifyEvent]byte
	for {
		length, err := unix.Read(n.fd, buf[:])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || length < unix.SizeofInotifyEvent {
			return written, touched
		}
		for event := buf[:length]; len(event) >= unix.SizeofInotifyEvent; event = event[unix.SizeofInotifyEvent:] {
			mask := binary.NativeEndian.Uint32(event[4:]) // events of a file have no name
			written = written || mask&(unix.IN_MODIFY|unix.IN_Q_OVERFLOW) != 0
			touched = touched || mask&unix.IN_ATTRIB != 0
		}
	}
}

func (n *notices) close() error {
	if n == nil {
		return nil
	}
	return unix.Close(n.fd)
}
