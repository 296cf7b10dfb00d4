package tui

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"
)

// Without its renderer Bubble Tea leaves the terminal's mode and size to us.

// fileLike is an *os.File, or a writer that embeds one.
type fileLike interface{ Fd() uintptr }

// rawMode has keys come as they are pressed. What it returns undoes that. An
// input that is no terminal is left alone.
func rawMode(in io.Reader) (restore func(), err error) {
	f, ok := in.(fileLike)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func() {}, nil
	}
	fd := int(f.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, fmt.Errorf("have the terminal send keys as they are pressed: %w", err)
	}
	// A terminal that is gone has no mode to be put back.
	return func() { _ = term.Restore(fd, before) }, nil
}

// tellSize tells the program how large the terminal is, now and after each
// change, until ctx ends. send gives up by itself once the program has ended.
func tellSize(ctx context.Context, out io.Writer, send func(tea.Msg)) {
	f, ok := out.(fileLike)
	if !ok {
		return
	}
	changes := make(chan os.Signal, 1)
	signal.Notify(changes, syscall.SIGWINCH)
	defer signal.Stop(changes)
	for {
		if w, h, err := term.GetSize(int(f.Fd())); err == nil {
			send(tea.WindowSizeMsg{Width: w, Height: h})
		}
		select {
		case <-changes:
		case <-ctx.Done():
			return
		}
	}
}
