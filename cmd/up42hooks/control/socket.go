// Package control is how other processes ask a running receiver to do something in its
// store. Only the receiver writes to the store, and only it knows its secrets.
//
// The receiver serves HTTP on a socket in a folder beside the store, which only the store's
// owner can enter. The socket ends with the receiver.
package control

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/receiver/sqlite/fileid"
)

// folderOf returns the folder beside a store, whatever the name is by which it was given.
func folderOf(store string) (string, error) {
	real, err := fileid.Real(store)
	if err != nil {
		return "", fmt.Errorf("find the store: %w", err)
	}
	return real + beside.Control, nil
}

const socketName = "socket"

// Socket is the receiver's end.
type Socket struct {
	net.Listener
	folder string
}

// Listen makes the socket. The caller has the lock of the store, and closes the socket
// before it gives the lock back.
func Listen(store string) (*Socket, error) {
	folder, err := folderOf(store)
	if err != nil {
		return nil, err
	}
	s, err := listen(folder)
	if err != nil {
		return nil, fmt.Errorf("make the control socket in %s: %w", folder, err)
	}
	return s, nil
}

func listen(folder string) (*Socket, error) {
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	// A folder that was there may be open to others.
	if err := os.Chmod(folder, 0o700); err != nil {
		return nil, err
	}
	// A receiver that was killed has left its socket.
	if err := os.Remove(filepath.Join(folder, socketName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s := &Socket{folder: folder}
	err := withPath(folder, func(path string) error {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err == nil {
			l.SetUnlinkOnClose(false) // the path may be a short name of now
			s.Listener = l
		}
		return err
	})
	return s, err
}

// Close closes the socket and removes it with its folder. It may be called more than once.
func (s *Socket) Close() error {
	err := s.Listener.Close()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	_ = os.Remove(filepath.Join(s.folder, socketName)) // what is left, the next receiver removes
	_ = os.Remove(s.folder)
	return err
}

// maxPath is the longest path of a socket that all systems take, in bytes.
const maxPath = 100

// withPath calls do with a path of the socket in a folder. If the path is too long for a
// socket, it uses the name that Linux gives to an open folder.
func withPath(folder string, do func(path string) error) error {
	path := filepath.Join(folder, socketName)
	if len(path) <= maxPath {
		return do(path)
	}
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only opened for its name
	return do(fmt.Sprintf("/proc/self/fd/%d/%s", f.Fd(), socketName))
}
