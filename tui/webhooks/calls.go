package webhooks

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
)

// callTime is how long a call may take, with all that belongs to it.
const callTime = 90 * time.Second

// newID stands for the id of a webhook that is being created.
const newID = ""

// call is a change or a test at UP42 that is under way.
type call struct {
	token int
	id    string // of the webhook, or newID
	does  string // for its row: "deleting"
	name  string // clean
	// changes: giving up leaves open whether UP42 has done it.
	changes bool
	removes *client.Webhook // what is being deleted
	end     context.CancelFunc
	layer   layer // what waits for the answer; nil: nothing does
}

// calls are those under way, by their tokens.
type calls struct {
	last int
	open map[int]*call
}

// of is the call about a webhook, nil where there is none.
func (c *calls) of(id string) *call {
	for _, o := range c.open {
		if o.id == id {
			return o
		}
	}
	return nil
}

// newest is the call that was begun last, nil where there is none.
func (c *calls) newest() (found *call) {
	for _, o := range c.open {
		if found == nil || o.token > found.token {
			found = o
		}
	}
	return found
}

// waiting is the call that a layer waits for, nil where it waits for none.
func (c *calls) waiting(l layer) *call {
	for _, o := range c.open {
		if o.layer == l {
			return o
		}
	}
	return nil
}

// begin makes a command of a call. Its answer must hold the token.
func (p *Page) begin(c call, do func(ctx context.Context, token int) tea.Msg) tea.Cmd {
	p.calls.last++
	c.token = p.calls.last
	given, giveUp := context.WithCancel(context.Background())
	c.end = giveUp
	p.calls.open[c.token] = &c
	p.Invalidate()
	return p.o.Do(func(ctx context.Context) tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, callTime)
		defer cancel()
		defer context.AfterFunc(given, cancel)()
		return do(ctx, c.token)
	})
}

// finish takes a call off the list; nil: it was given up, and its answer is to
// be dropped.
func (p *Page) finish(token int) *call {
	c := p.calls.open[token]
	if c != nil {
		delete(p.calls.open, token)
		c.end()
	}
	return c
}

// busy says why a webhook has to wait; false: it need not.
func (p *Page) busy(id string) bool {
	c := p.calls.of(id)
	if c != nil {
		p.say(Hint, c.does+" "+c.name+" is under way; esc gives it up")
	}
	return c != nil
}

// giveUp ends a call. What it was to change UP42 may have done all the same, so
// the list is read again once the call has ended: see [Page.late].
func (p *Page) giveUp(c *call) {
	p.finish(c.token)
	p.Invalidate()
	if !c.changes {
		p.say(Info, "gave up "+c.does+" "+c.name)
		return
	}
	if c.removes != nil {
		p.missed[c.id] = *c.removes
	}
	p.say(Hint, "gave up "+c.does+" "+c.name+"; UP42 may have done it: reading the list again")
}

// late takes the answer to a change that was given up.
func (p *Page) late() tea.Cmd { return p.read(aloud) }
