package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// ExecOptions say which program runs for each event.
type ExecOptions struct {
	// Program is a path, or a name that is looked up in PATH. No shell is in
	// between, and there are no arguments.
	Program string
	// Timeout bounds one run; 0: DefaultTimeout. Whoever is still there then is
	// killed, the program's children too.
	Timeout time.Duration
	// Logger takes what the program prints, a line at a time; nil: nobody does.
	// The lines are not clean.
	Logger *slog.Logger
}

type execTarget struct {
	path    string
	timeout time.Duration
	log     *slog.Logger
}

// NewExec makes a target that is a program: it gets an event as JSON on stdin,
// its main fields as environment, and has taken it when it exits with 0. The
// error says that there is no such program.
func NewExec(o ExecOptions) (Target, error) {
	path, err := exec.LookPath(o.Program)
	if err != nil {
		return nil, fmt.Errorf("can't run %s: %w", o.Program, errors.Unwrap(err))
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

// Check looks whether the program is still there.
func (t *execTarget) Check(context.Context) error {
	_, err := exec.LookPath(t.path)
	return err
}

// grace is how long a killed program's output is waited for: children that
// were moved out of reach may hold it.
const grace = time.Second

func (t *execTarget) Send(ctx context.Context, e *receiver.Event) error {
	line, err := receiver.AppendJSONLine(nil, e)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	out := &printed{log: t.log.With("program", t.path, "seq", e.Seq)}
	defer out.end()
	cmd := exec.CommandContext(ctx, t.path)
	cmd.Stdin = &once{line}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Env = environment(e)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = grace
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return nil // it exited with 0, whoever else holds its output
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &Refused{Reason: fmt.Sprintf("it did not end within %v", t.timeout)}
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit):
		return &Refused{Reason: "it ended with " + exit.Error()}
	default:
		return fmt.Errorf("run it: %w", err)
	}
}

// environment is what a program gets: an event's main fields, and of ours only
// what is no secret.
func environment(e *receiver.Event) []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	for _, f := range [][2]string{
		{"SEQ", strconv.FormatInt(e.Seq, 10)},
		{"VERDICT", string(e.Verdict)},
		{"EVENT", e.Name},
		{"MESSAGE_ID", e.MessageID},
		{"KIND", string(e.Kind)},
		{"ID", e.ID},
		{"STATUS", string(e.Status)},
		{"FINAL", strconv.FormatBool(e.Final)},
		{"LIVE", strconv.FormatBool(e.LiveMode)},
		{"WEBHOOK", e.Webhook},
	} {
		env = append(env, "UP42_"+f[0]+"="+harmless(f[1]))
	}
	return env
}

// harmless is a value without what ends one.
func harmless(s string) string {
	const longest = 4096
	out := make([]byte, 0, min(len(s), longest))
	for i := 0; i < len(s) && len(out) < longest; i++ {
		if s[i] != 0 {
			out = append(out, s[i])
		}
	}
	return string(out)
}
