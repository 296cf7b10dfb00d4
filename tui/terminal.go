package tui

import (
	"context"
	"fmt"
	"io"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/tui/console"
)

// Without its renderer, Bubble Tea does not care for the terminal's mode and size.

// fileLike is an *os.File, or a writer that has its descriptor.
type fileLike interface{ Fd() uintptr }

// hurrying is an output that can be told not to wait long for its reader any more.
type hurrying interface{ Hurry() }

// sizing is an output that knows the size of its terminal. WatchSize tells it, now and after each
// change, until ctx ends.
type sizing interface {
	WatchSize(ctx context.Context, tell func(width, height int))
}

// rawMode makes the terminal send keys as they are pressed. restore undoes that. It
// does nothing if the input is no terminal.
func rawMode(in io.Reader) (restore func(), err error) {
	f, ok := in.(fileLike)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func() {}, nil
	}
	fd := int(f.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, fmt.Errorf("make the terminal send keys as they are pressed: %w", err)
	}
	// The terminal may be gone: then there is nothing to restore.
	return func() { _ = term.Restore(fd, before) }, nil
}

// inForeground reports whether the terminal is this process's now. A shell's job in the
// background is stopped when it changes the terminal.
func inForeground(in io.Reader) bool {
	f, ok := in.(fileLike)
	if !ok {
		return false
	}
	return console.Foreground(f.Fd())
}

// watchContinued calls again each time the process goes on after it was stopped, until ctx
// ends.
func watchContinued(ctx context.Context, again func()) {
	continued, stop := console.Continued()
	defer stop()
	for {
		select {
		case <-continued:
			again()
		case <-ctx.Done():
			return
		}
	}
}

// watchSize sends the size of the terminal, now and after each change, until ctx
// ends. send must return once the program has ended.
func watchSize(ctx context.Context, out io.Writer, send func(tea.Msg)) {
	if s, ok := out.(sizing); ok {
		s.WatchSize(ctx, func(width, height int) { send(tea.WindowSizeMsg{Width: width, Height: height}) })
		return
	}
	f, ok := out.(fileLike)
	if !ok {
		return
	}
	changes, stop := console.Resized()
	defer stop()
	var before tea.WindowSizeMsg
	for {
		if w, h, err := term.GetSize(int(f.Fd())); err == nil && before != (tea.WindowSizeMsg{Width: w, Height: h}) {
			before = tea.WindowSizeMsg{Width: w, Height: h}
			send(before)
		}
		select {
		case <-changes:
		case <-ctx.Done():
			return
		}
	}
}
