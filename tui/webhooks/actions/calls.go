package actions

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/note"
)

// callTimeout bounds a call, with all the requests and retries that it needs.
const callTimeout = 90 * time.Second

// newID is the id of a webhook that is being created.
const newID = ""

// Asker is a panel that makes a call and waits for its end.
type Asker interface {
	// Close is called when the call has done what the panel is for.
	Close()
	// Fail is called if the call failed. The words say why, and are clean. Fail
	// returns false if the panel does not show them.
	Fail(words string) (shown bool)
}

// Call is a change or a test of a webhook that is under way.
type Call struct {
	// Does says what the call does ("deleting"), Name which webhook it is about.
	// Both are clean.
	Does, Name string

	token int
	id    string // of the webhook, or newID
	// changes: UP42 may have changed the webhook even if the call is given up.
	changes bool
	from    Asker  // nil if no panel waits for the call
	givenUp func() // called when the call is given up; may be nil
	late    func() // called when a call that was given up ends; may be nil
	cancel  context.CancelFunc
}

// fail shows why the call failed: what failed in a note, and why in the panel that
// made the call. Without such a panel, the note says both.
func (c *Call) fail(say note.Say, what, why string) {
	if c.from == nil || !c.from.Fail(why) {
		what += ": " + why
	}
	say.Failure(what)
}

// close closes the panel that made the call.
func (c *Call) close() {
	if c.from != nil {
		c.from.Close()
	}
}

// Calls are the calls that are under way.
type Calls struct {
	run command.Runner
	say note.Say
	// reread reads the list of webhooks.
	reread func() tea.Cmd
	last   int
	open   map[int]*Call // by their tokens
}

func newCalls(run command.Runner, say note.Say, reread func() tea.Cmd) Calls {
	return Calls{run: run, say: say, reread: reread, open: map[int]*Call{}}
}

// None reports whether no call is under way.
func (c *Calls) None() bool { return len(c.open) == 0 }

// Of returns the call about a webhook, or nil.
func (c *Calls) Of(id string) *Call {
	for _, o := range c.open {
		if o.id == id {
			return o
		}
	}
	return nil
}

// Newest returns the call that began last, or nil.
func (c *Calls) Newest() (found *Call) {
	for _, o := range c.open {
		if found == nil || o.token > found.token {
			found = o
		}
	}
	return found
}

// From returns the call that a panel has made, or nil.
func (c *Calls) From(a Asker) *Call {
	for _, o := range c.open {
		if o.from == a {
			return o
		}
	}
	return nil
}

// Busy reports whether a call about a webhook is under way, and says so.
func (c *Calls) Busy(id string) bool {
	o := c.Of(id)
	if o != nil {
		c.say.Hint(o.Does + " " + o.Name + " is under way; esc gives it up")
	}
	return o != nil
}

// GiveUp ends a call. UP42 may have carried it out anyway, so the list is
// read again when the call has ended.
func (c *Calls) GiveUp(o *Call) {
	c.finish(o)
	if !o.changes {
		c.say.Info("gave up " + o.Does + " " + o.Name)
		return
	}
	if o.givenUp != nil {
		o.givenUp()
	}
	c.say.Hint("gave up " + o.Does + " " + o.Name + "; " + client.Maybe + ": reading the list again")
}

// finish removes a call. It returns false if the call was given up.
func (c *Calls) finish(o *Call) bool {
	_, open := c.open[o.token]
	delete(c.open, o.token)
	o.cancel()
	return open
}

// ended handles the end of a call that was given up.
func (c *Calls) ended(o *Call) tea.Cmd {
	if o.late != nil {
		o.late()
	}
	if !o.changes {
		return nil
	}
	return c.reread()
}

// begin makes a command of a call. take gets what do returns, unless the call is
// given up meanwhile.
func begin[T any](c *Calls, o *Call, do func(context.Context) T, take func(T) tea.Cmd) tea.Cmd {
	c.last++
	o.token = c.last
	given, cancel := context.WithCancel(context.Background())
	o.cancel = cancel
	c.open[o.token] = o
	return command.Ask(c.run, func(ctx context.Context) T {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		defer context.AfterFunc(given, cancel)()
		return do(ctx)
	}, func(result T) tea.Cmd {
		if !c.finish(o) {
			return c.ended(o)
		}
		return take(result)
	})
}
