// Package command runs the screen's commands, which are the functions that do
// I/O outside of Update. The answer of a command is addressed: it goes to the part
// of the screen that made the command, and to no other.
package command

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// Runner makes a command of a function. It owns the command's goroutine and
// context.
type Runner func(func(context.Context) tea.Msg) tea.Cmd

// Answer is the message with the result of a command, and its address.
type Answer struct{ take func() tea.Cmd }

// To makes an answer that calls take.
func To(take func() tea.Cmd) Answer { return Answer{take} }

// Take delivers the answer. Only Update may call it.
func (a Answer) Take() tea.Cmd { return a.take() }

// Later makes a command that waits before it does f. It does nothing if the context ends
// meanwhile.
func Later(run Runner, wait time.Duration, f func(context.Context) tea.Msg) tea.Cmd {
	return run(func(ctx context.Context) tea.Msg {
		if !retry.Sleep(ctx, wait) {
			return nil
		}
		return f(ctx)
	})
}

// Ask makes a command. do does the I/O outside of Update and must not change the
// screen's state. take gets its result, within Update. A result that comes after
// the context has ended is dropped.
func Ask[T any](run Runner, do func(context.Context) T, take func(T) tea.Cmd) tea.Cmd {
	return run(func(ctx context.Context) tea.Msg {
		result := do(ctx)
		if ctx.Err() != nil {
			return nil
		}
		return To(func() tea.Cmd { return take(result) })
	})
}

// Crash is a panic that was caught. A command that panics answers with one.
type Crash struct {
	What  any
	Stack []byte
}

func (c *Crash) Error() string { return fmt.Sprintf("the dashboard panicked: %v", c.What) }

// address makes an answer of a message. An answer already has an address, and a
// crash goes to the root.
func address(msg tea.Msg, update func(tea.Msg) tea.Cmd) tea.Msg {
	switch msg.(type) {
	case nil, Answer, *Crash:
		return msg
	}
	return To(func() tea.Cmd { return update(msg) })
}

// Receive waits for the next value of a channel and gives it to take, within
// Update. A closed channel has no next value. It returns nil for a nil channel.
func Receive[T any](run Runner, values <-chan T, take func(T) tea.Cmd) tea.Cmd {
	if values == nil {
		return nil
	}
	return run(func(ctx context.Context) tea.Msg {
		select {
		case v, ok := <-values:
			if !ok {
				return nil
			}
			return To(func() tea.Cmd { return take(v) })
		case <-ctx.Done():
			return nil
		}
	})
}
