package actions

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/fault"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
	"github.com/up42/up42-webhooks/tui/webhooks/list"
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
	// changes: the call changes something at UP42. If it is given up, its answer still
	// says what UP42 has done.
	changes bool
	from    Asker // nil if no panel waits for the call
	givenUp bool
	settled func() // is called with the answer of a call that was given up. May be nil.
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
	run  command.Runner
	say  note.Say
	keys *keymap.Map
	work *command.Work
	// reread reads the list of webhooks.
	reread func(list.Manner) tea.Cmd
	last   int
	open   map[int]*Call // by their tokens
}

func newCalls(o *Options) Calls {
	return Calls{run: o.Run, say: o.Say, keys: o.Keys, work: o.Work, reread: o.List.Read, open: map[int]*Call{}}
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
		c.say.Hint(o.Does + " " + o.Name + " is under way; " + keys.First(c.keys.Back) + " gives it up")
	}
	return o != nil
}

// GiveUp ends a call. UP42 may have carried it out anyway: the answer of the call says
// so later, and its panel no longer waits for that.
func (c *Calls) GiveUp(o *Call) {
	c.finish(o)
	o.givenUp, o.from = true, nil
	if !o.changes {
		c.say.Info("gave up " + o.Does + " " + o.Name)
		return
	}
	o.settled = c.work.Begin("asking UP42 what it has done with " + o.Name)
	c.say.Hint("gave up " + o.Does + " " + o.Name + "; asking UP42 what it has done")
}

// finish removes a call. It returns false if the call was given up.
func (c *Calls) finish(o *Call) bool {
	_, open := c.open[o.token]
	delete(c.open, o.token)
	o.cancel()
	if o.settled != nil {
		o.settled()
	}
	return open
}

// failed shows why a change failed, and reads the list if it is not known whether UP42
// has carried it out.
func (c *Calls) failed(o *Call, could string, err error, secrets ...client.Secret) tea.Cmd {
	if client.Unsure(err) {
		could = o.Does // it may have been done
	}
	switch {
	case !o.givenUp:
		o.fail(c.say, could+" "+o.Name, fault.Of(err, secrets...).Line())
	case client.Fate(err) != "":
		c.say.Hint(o.Does + " " + o.Name + ": " + text.Clean(client.Fate(err), 200) + "; " + client.Advice(err))
	case !client.MayBeDone(err): // it was given up before it was sent
		c.say.Hint(o.Does + " " + o.Name + ": UP42 has not done it; it is safe to try again")
	}
	switch {
	case !client.MayBeDone(err):
		return nil
	case o.givenUp:
		return c.reread(list.Foreground)
	default:
		return c.reread(list.Background) // the screen shows the failure, not the read
	}
}

// begin makes a command of a call. take gets what do returns, unless the call is given
// up meanwhile and changes nothing.
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
		if open := c.finish(o); !open && !o.changes {
			return nil
		}
		return take(result)
	})
}
