// Package host is what the frame gives to the parts of the page of webhooks: a
// way to run commands, a place for notes, and what is known about the receiver.
package host

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"
)

// Runner makes a command of a function. It owns the command's goroutine and
// context.
type Runner func(func(context.Context) tea.Msg) tea.Cmd

// Answer is the message with the result of a command. It is addressed: it goes
// to the function that was given to [Ask] together with the command.
type Answer struct{ take func() tea.Cmd }

// Take delivers the answer. Only Update may call it.
func (a Answer) Take() tea.Cmd { return a.take() }

// Ask makes a command. do does the I/O outside of Update and must not change the
// page. take gets what do returns, within Update.
func Ask[T any](run Runner, do func(context.Context) T, take func(T) tea.Cmd) tea.Cmd {
	return run(func(ctx context.Context) tea.Msg {
		result := do(ctx)
		return Answer{func() tea.Cmd { return take(result) }}
	})
}
