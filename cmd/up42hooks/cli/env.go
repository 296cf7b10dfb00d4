// Package cli is what the commands share: the environment they run in, errors and
// exit codes, usage, listings and small helpers for output. It knows no command.
package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/tui/text"
)

// Env is what a command uses of the process that it runs in. Tests bring their
// own.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	// Environ returns all variables, NAME=VALUE. It may be nil.
	Environ func() []string
	Now     func() time.Time
	// ErrorLog returns the log for a command's error, or nil if the error is a line for
	// the user. It may be nil.
	ErrorLog func(*cobra.Command) *slog.Logger
	// Program is the name by which users call this program.
	Program string
	Build   Build
	// Quiet says that messages which are no errors are left out. Nil: they are not.
	Quiet *bool
	// Columns returns the width, in cells, of a remote terminal that shows Stdout. Nil: Stdout is a
	// terminal of this machine, or no terminal.
	Columns func() int
	// Learned is called with each secret of a webhook that a command reads from UP42 or sends there.
	// Several goroutines may call it. It may be nil.
	Learned func(secret string)
	// Inside says that the command runs in the process of another command, which handles signals.
	Inside bool
}

// System is the environment of this process. The version is what the linker set.
func System(version string) Env {
	return Env{
		Stdin: os.Stdin, Stdout: NewOutput(os.Stdout), Stderr: NewOutput(os.Stderr), Getenv: os.Getenv, Environ: os.Environ, Now: time.Now,
		Program: called(os.Args[0]), Build: readBuild(version), Quiet: new(bool),
	}
}

// called returns the name by which users call the program that was started under a name: without
// its folder if the shell finds it there.
func called(name string) string {
	base := filepath.Base(name)
	found, err := exec.LookPath(base)
	if err != nil {
		return name
	}
	started, err1 := os.Stat(name)
	usual, err2 := os.Stat(found)
	if err1 != nil || err2 != nil || !os.SameFile(started, usual) {
		return name
	}
	return base
}

// AsCalled returns a text whose commands of this program begin with the name by which users call it.
func (env Env) AsCalled(s string) string { return text.AsCalled(env.Program, s) }

// Say writes a line for the user to stderr, so that it is not mixed with output
// that another program reads. With --quiet it does not.
func (env Env) Say(format string, args ...any) {
	if !env.IsQuiet() {
		env.complain(format, args...)
	}
}

// IsQuiet reports whether only errors are said.
func (env Env) IsQuiet() bool { return env.Quiet != nil && *env.Quiet }

// AddQuietFlag gives all commands the flag --quiet.
func AddQuietFlag(env Env, root *cobra.Command) {
	if env.Quiet != nil {
		root.PersistentFlags().BoolVarP(env.Quiet, "quiet", "q", false, "say only errors, besides the result")
	}
}

// complain writes a line for the user to stderr in any case.
func (env Env) complain(format string, args ...any) {
	line := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	fmt.Fprintf(env.Stderr, "up42hooks: %s\n", text.Clean(env.AsCalled(line), 0))
}

// Width is the width of the terminal that shows stdout, in cells. ok is false if
// no terminal does.
func (env Env) Width() (cells int, ok bool) {
	if env.Columns != nil {
		return env.Columns(), true
	}
	f := FileOf(env.Stdout)
	if f == nil || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	cells, _, err := term.GetSize(int(f.Fd()))
	if err != nil || cells <= 0 {
		cells = 80
	}
	return cells, true
}

// HasScreen reports whether stdout is a terminal that can show a dashboard.
func (env Env) HasScreen() bool {
	_, ok := env.Width()
	return ok && env.Getenv("TERM") != "dumb"
}

// UTF8 reports whether the locale uses UTF-8. It reads the variables in the same
// order as the C library. Windows has none of them: there, Windows Terminal has fonts for all signs,
// and older consoles may not.
func (env Env) UTF8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(env.Getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return env.Getenv("WT_SESSION") != ""
}
