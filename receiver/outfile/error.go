package outfile

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/up42/up42-webhooks/receiver/access"
	"github.com/up42/up42-webhooks/receiver/errno"
)

// Error says what is wrong with a file, and what to do. Its text is one line.
type Error struct {
	// Name is what the user called the file. Problem and Advice are words for the user.
	Name, Problem, Advice string
	// Cause is the error of the system. May be nil.
	Cause error
}

func (e *Error) Error() string {
	s := e.Name + " " + e.Problem
	if e.Advice != "" {
		s += ": " + e.Advice
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Explain returns the error of an operation on a file as an [*Error], if it is one of the
// system. Others, those of a context and nil stay as they are.
func Explain(name string, err error) error {
	var known *Error
	var number syscall.Errno
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || !errors.As(err, &number) {
		return err
	}
	problem, advice := words(name, number)
	return &Error{Name: name, Problem: problem, Advice: advice, Cause: err}
}

// words say what an error of the system means for a file.
func words(name string, number syscall.Errno) (problem, advice string) {
	switch errno.Unix(number) {
	case syscall.ENOENT:
		if dir := missing(followed(name)); dir != "" {
			return "can't be there: there is no folder " + dir, "make it, or name another file"
		}
		return absent(name)
	case syscall.ENOTDIR:
		if file := inTheWay(name); file != "" {
			return "can't be there: " + file + " is a file, not a folder", "name another file"
		}
		return "can't be there: a part of its path is no folder", "name another file"
	case syscall.EISDIR:
		return "is a folder", "name a file in it"
	case syscall.ENAMETOOLONG:
		return "has a name that is too long for the system", "name a file with a shorter one"
	case syscall.EACCES, syscall.EPERM:
		return denied(name), "change its permissions, or name another file"
	case syscall.EROFS:
		return "is on a file system that can only be read", "name a file elsewhere"
	case syscall.ENOSPC:
		return "can't be written: no space is left on its device", "free some there, or name a file elsewhere"
	case syscall.EDQUOT:
		return "can't be written: your quota of its disk is used up", "free some space, or name a file elsewhere"
	case syscall.EFBIG:
		return "can't grow: it has the greatest size that is allowed (ulimit -f)", "raise the limit, or name a file elsewhere"
	case syscall.ELOOP:
		return "leads nowhere: its symbolic links go in a circle", "mend them, or name another file"
	case syscall.ENXIO, syscall.EPIPE:
		return unread(name)
	case syscall.EBUSY:
		return "can't be replaced: it is a mount of its own", "mount its folder instead, or name another file"
	case syscall.ETXTBSY:
		return "is open in another program", "end that, or name another file"
	case syscall.EBADF:
		return "is not open", "name another file"
	case syscall.EIO:
		return "can't be read or written: its disk fails, or its terminal is gone", "check it, or name another file"
	default:
		return "can't be used: " + number.Error(), "name another file"
	}
}

// absent says why a file is not there, although its folder is.
func absent(name string) (problem, advice string) {
	info, err := os.Lstat(name)
	switch {
	case err != nil:
		return "does not exist", "name a file that does"
	case info.Mode()&fs.ModeSymlink != 0:
		return "is a symbolic link to a file that is not there", "make that, or name another file"
	default:
		return "can't be used: no file can be made beside it", "name another file"
	}
}

// unread says why nothing takes what is written into a file that is there.
func unread(name string) (problem, advice string) {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.Mode()&fs.ModeSocket != 0:
		return "is a socket, not a file", "name another file"
	case err == nil && info.Mode()&fs.ModeDevice != 0:
		return "has no device behind it", "name another file"
	default:
		return "is read by nobody", "start the program that reads it, or name another file"
	}
}

// followed returns where a symbolic link to nothing leads, and the name of anything else.
func followed(name string) string {
	for range maxLinks {
		link, err := os.Readlink(name)
		if err != nil {
			break
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(name), link)
		}
		name = link
	}
	return name
}

// missing returns the uppermost folder above a file that does not exist, "" if all do.
func missing(name string) string {
	return above(name, func(_ fs.FileInfo, err error) bool { return errors.Is(err, fs.ErrNotExist) })
}

// inTheWay returns the file that is where a folder should be.
func inTheWay(name string) string {
	return above(name, func(i fs.FileInfo, err error) bool { return err == nil && !i.IsDir() })
}

// above returns the uppermost path above a file for which is holds, "" if it holds for no path.
func above(name string, is func(fs.FileInfo, error) bool) (found string) {
	path, err := filepath.Abs(name)
	if err != nil {
		return ""
	}
	for dir := filepath.Dir(path); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if is(os.Stat(dir)) {
			found = dir
		}
	}
	return found
}

// denied says what the user may not do.
func denied(name string) string {
	path, err := filepath.Abs(name)
	if err != nil {
		return "may not be used by you"
	}
	closed := above(name, func(i fs.FileInfo, err error) bool { return errors.Is(err, fs.ErrPermission) })
	dir := filepath.Dir(path)
	if first := missing(name); first != "" {
		dir = filepath.Dir(first) // where the folder can't be made
	}
	switch {
	case closed != "":
		return "can't be reached: you may not look into the folder " + filepath.Dir(closed)
	case access.Check(dir, access.Enter) != nil:
		return "can't be reached: you may not look into the folder " + dir
	case access.Check(path, access.Exist) == nil && access.Check(path, access.Read) != nil:
		return "may not be read by you"
	case access.Check(path, access.Exist) == nil && access.Check(path, access.Write) != nil:
		return "may not be written by you"
	case access.Check(dir, access.Write) != nil:
		return "can't be made: you may not write to the folder " + dir
	default:
		return "may not be used by you"
	}
}
