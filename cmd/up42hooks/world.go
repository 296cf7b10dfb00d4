package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/up42/up42-webhooks/tui/text"
)

// world is what a command may touch of the machine, so that tests can bring
// their own.
type world struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	// program is how this program was called.
	program string
	build   build
}

// system is the world of this process.
func system(version string) world {
	return world{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now,
		program: os.Args[0], build: readBuild(version),
	}
}

// say writes a line for the user to stderr, where it disturbs no output that
// another program reads.
func (w world) say(format string, args ...any) {
	line := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	fmt.Fprintf(w.stderr, "up42hooks: %s\n", text.Clean(line, 0))
}

// width is the width in cells of the terminal that stdout is; ok is false
// where it is none.
func (w world) width() (cells int, ok bool) {
	f, ok := w.stdout.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	cells, _, err := term.GetSize(int(f.Fd()))
	if err != nil || cells <= 0 {
		cells = 80
	}
	return cells, true
}

// hasScreen says whether stdout is a terminal that a dashboard can be drawn on.
func (w world) hasScreen() bool {
	_, ok := w.width()
	return ok && w.getenv("TERM") != "dumb"
}
