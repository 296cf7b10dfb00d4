package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/process"
)

// ExecOptions configure a target that is a program. Program is required.
type ExecOptions struct {
	// Program is a path, or a name that is looked up in PATH. It is run without a shell
	// and without arguments.
	Program string
	// Timeout bounds one run. The program and its children are killed then. 0 is
	// DefaultTimeout.
	Timeout time.Duration
	// Logger gets the output of the program, line by line. The lines come from outside:
	// clean them before you print them. It may be nil.
	Logger *slog.Logger
}

type execTarget struct {
	path    string
	timeout time.Duration
	log     *slog.Logger
}

// NewExec makes a target that runs a program for each event. The program gets the event
// as a line of JSON on its standard input, and its main fields in the environment
// variables UP42_SEQ, UP42_ID and so on. It took the event if it exits with 0. NewExec
// returns an error if there is no such program.
func NewExec(o ExecOptions) (Target, error) {
	path, err := exec.LookPath(o.Program)
	if err != nil {
		return nil, unfound(o.Program, err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("find %s: %w", o.Program, err)
	}
	t := &execTarget{path: path, timeout: o.Timeout, log: o.Logger}
	if t.timeout <= 0 {
		t.timeout = DefaultTimeout
	}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	return t, nil
}

func (t *execTarget) Name() string { return "exec " + t.path }

// Check returns an error if the program is no longer there.
func (t *execTarget) Check(context.Context) error {
	_, err := exec.LookPath(t.path)
	if err != nil {
		return unfound(t.path, err)
	}
	return nil
}

// outputGrace is how long Run waits for the end of the output after the program ended or
// was killed. Children in another process group may keep the output open.
const outputGrace = time.Second

func (t *execTarget) Send(ctx context.Context, e *receiver.Event) error {
	line, err := receiver.AppendJSONLine(nil, e)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	out := &outputLog{log: t.log.With("program", t.path, "seq", e.Seq)}
	defer out.end()
	cmd := exec.CommandContext(ctx, t.path)
	cmd.Stdin = &input{line}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Env = environment(e)
	err = Run(cmd)
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return nil // it exited with 0, even if its children keep the output open
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &Refused{Reason: fmt.Sprintf("it did not end within %v", t.timeout)}
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit):
		return &Refused{Reason: "it ended with " + exit.Error()}
	default:
		return &Unreachable{fmt.Errorf("run it: %w", err)}
	}
}

// Run runs a program in a process group of its own. The program and its children are killed when
// the context ends with which cmd was made, and if we end before, however that happens.
func Run(cmd *exec.Cmd) error {
	cmd.SysProcAttr = process.Attributes(syscall.SIGKILL)
	cmd.Cancel = func() error { return process.Kill(cmd.Process.Pid) }
	cmd.WaitDelay = outputGrace
	// Linux kills the program when the thread that started it ends, see [process.Attributes].
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return err
	}
	release := guard(cmd.Process.Pid)
	defer release()
	return cmd.Wait()
}

// environment returns the variables that a program gets: the main fields of an event, and
// a few of our own that hold no secret.
func environment(e *receiver.Event) []string {
	env := Environment()
	for _, f := range fields(e) {
		env = append(env, f[0]+"="+withoutNUL(f[1]))
	}
	return env
}

// Environment returns the variables of this process that a program gets, of those with some
// names, too. The usual ones hold no secret.
func Environment(more ...string) (env []string) {
	for _, name := range append(Inherited(), more...) {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// Inherited returns the names of the usual variables. On Windows programs find their own files, a folder for
// temporary ones and the shell by these.
func Inherited() []string {
	if runtime.GOOS == "windows" {
		return []string{
			"PATH", "PATHEXT", "COMSPEC", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PROGRAMFILES", "PROGRAMDATA", "PROCESSOR_ARCHITECTURE",
			"USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "USERNAME", "TEMP", "TMP", "HOME", "LANG", "LC_ALL", "TZ",
		}
	}
	return []string{"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"}
}

// Variables returns the names of the variables that a program gets about an event. Every
// program gets all of them.
func Variables() (names []string) {
	for _, f := range fields(&receiver.Event{}) {
		names = append(names, f[0])
	}
	return names
}

// fields returns the variables about an event: name and value.
func fields(e *receiver.Event) [][2]string {
	class := ""
	if e.Status != "" {
		class = e.Class().Word()
	}
	return [][2]string{
		{"UP42_SEQ", strconv.FormatInt(e.Seq, 10)},
		{"UP42_VERDICT", string(e.Verdict)},
		{"UP42_CONFLICTS_WITH", conflictsWith(e)},
		{"UP42_EVENT", e.Name},
		{"UP42_MESSAGE_ID", e.MessageID},
		{"UP42_KIND", string(e.Kind)},
		{"UP42_ID", e.ID},
		{"UP42_TASK_ID", e.TaskID},
		{"UP42_STATUS", string(e.Status)},
		{"UP42_SUB_STATUS", string(e.SubStatus)},
		{"UP42_CLASS", class},
		{"UP42_FINAL", strconv.FormatBool(e.Final)},
		{"UP42_LIVE", strconv.FormatBool(e.LiveMode)},
		{"UP42_WEBHOOK", e.Webhook},
	}
}

// conflictsWith is empty if there is no conflict.
func conflictsWith(e *receiver.Event) string {
	if e.ConflictsWith == 0 {
		return ""
	}
	return strconv.FormatInt(e.ConflictsWith, 10)
}

// withoutNUL removes the character that would end the value, and cuts the value.
func withoutNUL(s string) string {
	const longest = 4096
	out := make([]byte, 0, min(len(s), longest))
	for i := 0; i < len(s) && len(out) < longest; i++ {
		if s[i] != 0 {
			out = append(out, s[i])
		}
	}
	return string(out)
}
