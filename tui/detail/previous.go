package detail

import (
	"context"
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui/difference"
)

// changes are what differs between a delivery and the event before it that is about the same.
type changes struct {
	of    receiver.Number // the delivery
	since *receiver.Event // nil if this is the first event, or if err is set
	list  []difference.Change
	// total is how many changes there are. The list has only the first ones.
	total int
	err   error
}

// errNoID says that a delivery can't be compared with another one.
var errNoID = errors.New("this delivery names no order or job")

// compare finds out what has changed with a delivery.
func compare(ctx context.Context, log receiver.Reader, e *receiver.Event) *changes {
	before, err := previous(ctx, log, e)
	c := &changes{of: e.Number(), since: before, err: err}
	if before != nil {
		c.list, c.total, c.err = difference.Of(before.Raw, e.Raw)
	}
	return c
}

// previous returns the newest event before a delivery that is about the same order, job or task,
// or nil.
func previous(ctx context.Context, log receiver.Reader, e *receiver.Event) (*receiver.Event, error) {
	about := e.Message
	if about.ID == "" { // a delivery that was rejected for its signature is not decoded
		about, _ = receiver.Decode(e.Raw)
	}
	if about.ID == "" {
		return nil, errNoID
	}
	q := receiver.Search{
		IDs: []string{about.ID},
		Match: func(x *receiver.Event) bool {
			return x.Kind == about.Kind && x.ID == about.ID && x.TaskID == about.TaskID && x.LiveMode == about.LiveMode && !x.ReceivedAt.After(e.ReceivedAt)
		},
	}
	q.Limit = 1
	if e.Verdict != receiver.Rejected { // rejected deliveries have other numbers
		q.Before = e.Seq
	}
	for found, err := range receiver.Find(ctx, log, q) {
		if err != nil {
			return nil, err
		}
		if len(found.Events) > 0 {
			return receiver.EventAt(ctx, log, found.Events[0].Seq, false)
		}
	}
	return nil, nil
}

// comparedMsg is the answer of a comparison.
type comparedMsg struct {
	contents *contents
	changes  *changes
}

// settle is how long a subject that is followed has to stay before it is compared: a cursor that
// moves through a list costs no search.
const settle = 150 * time.Millisecond

// compare makes a command that compares what was loaded. One that is under way is given up.
func (p *Page) compare(wait time.Duration) tea.Cmd {
	c := p.loaded
	p.giveUp()
	if c == nil || c.event == nil {
		return nil
	}
	given, giveUp := context.WithCancel(context.Background())
	p.giveUp = giveUp
	log := p.o.Log
	return p.o.Do(func(ctx context.Context) tea.Msg {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(given, cancel)()
		if !retry.Sleep(ctx, wait) {
			return nil
		}
		found := compare(ctx, log, c.event)
		if ctx.Err() != nil {
			return nil
		}
		return comparedMsg{c, found}
	})
}
