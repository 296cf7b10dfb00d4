package list

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
)

// refresher reads the list again when it is old and the user looks at it.
type refresher struct {
	*reader
	looked  bool          // the list was drawn since the last tick
	waiting bool          // a command waits on aged
	aged    chan struct{} // gets a value when the list is old
}

// Looked says that the list is drawn.
func (r *refresher) Looked() { r.looked = true }

// Tick must be called every second. It has an old list read again if it was
// drawn since the last tick.
func (r *refresher) Tick() {
	looked := r.looked
	r.looked = false
	if !looked || !r.old() {
		return
	}
	select {
	case r.aged <- struct{}{}:
	default: // one is enough
	}
}

// Start reads the list and the event types, and keeps the list up to date.
func (r *refresher) Start() tea.Cmd {
	if r.o.API == nil {
		return nil
	}
	return tea.Batch(r.Read(Foreground), r.ReadTypes(), r.awaitAge())
}

// awaitAge waits until the list is old. Tick has no command of its own, so one
// command waits for it all the time.
func (r *refresher) awaitAge() tea.Cmd {
	if r.waiting {
		return nil
	}
	r.waiting = true
	return command.Receive(r.o.Run, r.aged, func(struct{}) tea.Cmd {
		r.waiting = false
		if r.old() {
			return tea.Batch(r.Read(Background), r.awaitAge())
		}
		return r.awaitAge()
	})
}

// Refresh reads the list because the user wants it.
func (r *refresher) Refresh() tea.Cmd {
	if r.Reading() {
		r.o.Say.Hint("the webhooks are being read; " + keys.First(r.o.Keys.Back) + " gives up")
		return nil
	}
	return r.Start()
}
