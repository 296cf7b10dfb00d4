package tunnel

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// lastWords is how long a program has to end once it is told to.
const lastWords = 3 * time.Second

// run runs a program in a process group of its own until it ends, or ctx does:
// then it is told to end, and killed where it does not. heard is told each line
// that it writes.
func run(ctx context.Context, path string, args []string, heard func(string)) error {
	// Where the system ends a program with its parent, it takes the thread that
	// started it for that.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out := &lines{each: heard}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = environ()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = attributes()
	cmd.WaitDelay = lastWords
	cancelled := false
	cmd.Cancel = func() error {
		cancelled = true
		return unix.Kill(-cmd.Process.Pid, unix.SIGTERM)
	}
	if err := cmd.Start(); err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return err
	}
	err := cmd.Wait()
	if cancelled || errors.Is(err, exec.ErrWaitDelay) {
		// Its children that are still there. That there are none is no error.
		_ = unix.Kill(-cmd.Process.Pid, unix.SIGKILL)
	}
	out.end()
	return err
}

// environ is ours without what is only meant for us, such as passwords.
func environ() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "UP42_") })
}
