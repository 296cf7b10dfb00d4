package tunnel

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/process"
)

// timeToEnd is how long a program may take to end after SIGTERM.
const timeToEnd = 3 * time.Second

// run runs a program in its own process group until the program or ctx ends. When ctx ends,
// the program gets SIGTERM, and SIGKILL if it does not end in time. onLine is called for
// each line of output.
func run(ctx context.Context, path string, args []string, onLine func(string)) error {
	// Linux ends the program when the thread that started it ends, see [process.Attributes].
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out := &lines{each: onLine}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = process.Environment()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = process.Attributes(syscall.SIGTERM)
	cmd.WaitDelay = timeToEnd
	cancelled := false
	cmd.Cancel = func() error {
		cancelled = true
		return process.Terminate(cmd.Process.Pid)
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
		// Children may still run. It is no error if none does.
		_ = process.Kill(cmd.Process.Pid)
	}
	out.end()
	return err
}
