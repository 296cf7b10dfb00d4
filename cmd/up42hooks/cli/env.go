// Package cli is what the commands share: the process they run in, errors and exit
// codes, usage, listings and small helpers for output. It knows no command.
package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/up42/up42-webhooks/tui/text"
)

// Env is what a command may touch of the machine, so that tests can bring
// their own.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	// program is how this program was called.
	Program string
	Build   build
}

// System is the world of this process.
func System(version string) Env {
	return Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now,
		Program: os.Args[0], Build: readBuild(version),
	}
}

// Say writes a line for the user to stderr, where it disturbs no output that
// another program reads.
func (w Env) Say(format string, args ...any) {
	line := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	fmt.Fprintf(w.Stderr, "up42hooks: %s\n", text.Clean(line, 0))
}

// Width is the width in cells of the terminal that stdout is; ok is false
// where it is none.
func (w Env) Width() (cells int, ok bool) {
	f, ok := w.Stdout.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	cells, _, err := term.GetSize(int(f.Fd()))
	if err != nil || cells <= 0 {
		cells = 80
	}
	return cells, true
}

// HasScreen says whether stdout is a terminal that a dashboard can be drawn on.
func (w Env) HasScreen() bool {
	_, ok := w.Width()
	return ok && w.Getenv("TERM") != "dumb"
}
