package forward

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/up42/up42-webhooks/receiver/errno"
)

// unfound says why [exec.LookPath] found no program of that name, and what to write.
func unfound(program string, err error) error {
	first, _, more := strings.Cut(program, " ")
	_, missing := exec.LookPath(first)
	switch {
	case program == "":
		return errors.New("want a program, like ./import-order")
	case more && missing == nil:
		return fmt.Errorf("%q has arguments, and a program is run without any: write the command into a script, and name that", program)
	case filepath.Base(program) == program:
		return fmt.Errorf("there is no program %q in PATH: to name one that is elsewhere, write its path, like ./%s", program, program)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no program %s: name one that is there", program)
	case errno.Is(err, syscall.EISDIR):
		return fmt.Errorf("%s is a folder: name the program in it", program)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s may not be run by you: make it executable (chmod +x), or name another program", program)
	default:
		return fmt.Errorf("can't run %s: %w", program, errors.Unwrap(err))
	}
}
