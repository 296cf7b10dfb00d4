package jetstream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// window is how many events are published at a time without an answer.
	window = 256
	// gather is how long events gather after a page of several: it costs less to publish many at
	// a time. A lone event does not wait.
	gather = 5 * time.Millisecond
	// saveEvery is how often the checkpoint is saved. After a crash the events since then are
	// published again, and the stream refuses them.
	saveEvery = 500 * time.Millisecond
	// saveTimeout bounds the save at the end.
	saveTimeout = 5 * time.Second
)

// publisher publishes the events of the store.
type publisher struct {
	o      *Options
	by     author
	acks   *acks
	status *statusKeeper
	own    *ownRun
	ahead  func() time.Duration // see encoder.encode

	out    *outbox
	encode *encoder
	cursor int64 // all events up to it are done
	saved  int64 // the cursor that is saved
	at     time.Time
}

// run publishes the events after the checkpoint, and those that arrive, until ctx ends or the
// stream does not take one.
func (p *publisher) run(ctx context.Context, nc *nats.Conn) error {
	var err error
	if p.out, err = newOutbox(nc, p.o.Name, 2*window); err != nil {
		return errors.New(brief(err))
	}
	defer p.out.close()
	p.encode = newEncoder(p.o, p.by)
	start, _, err := p.o.Store.Checkpoint(ctx, p.o.reader())
	if err != nil {
		return err
	}
	p.cursor, p.saved, p.at = start.Cursor, start.Cursor, time.Now()
	p.acks.moved(p.cursor)
	defer p.save(context.WithoutCancel(ctx))
	if counts, err := p.o.Store.Counts(ctx); err == nil && counts.LastSeq <= p.cursor {
		p.works() // there is nothing that could show it
	}
	for {
		page, err := p.next(ctx)
		if err != nil {
			return because(ctx, err)
		}
		if err := p.publish(ctx, page); err != nil {
			return because(ctx, err)
		}
		p.works()
		if time.Since(p.at) >= saveEvery {
			p.save(ctx)
		}
		if len(page) > 1 && len(page) < window {
			retry.Sleep(ctx, gather) // the next read says that ctx ended
		}
	}
}

// works notes that the stream takes events.
func (p *publisher) works() {
	p.acks.works()
	p.status.publishes(p.cursor)
}

// next waits for events. While the checkpoint is not saved, it waits no longer than until then,
// and may return no event.
func (p *publisher) next(ctx context.Context) ([]*receiver.Event, error) {
	if p.saved == p.cursor {
		return p.o.Store.Next(ctx, p.cursor, window)
	}
	short, cancel := context.WithDeadline(ctx, p.at.Add(saveEvery))
	defer cancel()
	page, err := p.o.Store.Next(short, p.cursor, window)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil, nil
	}
	return page, err
}

// save saves the checkpoint. If that fails, it is tried later.
func (p *publisher) save(ctx context.Context) {
	p.at = time.Now()
	if p.saved == p.cursor {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	err := p.o.Store.SaveCheckpoint(ctx, p.o.reader(), receiver.Checkpoint{Cursor: p.cursor})
	p.status.saved(err)
	if err == nil {
		p.saved = p.cursor
	}
}

// publish publishes a page and waits for all answers. Of each order and job only one event is
// without an answer at a time, so that they are in the stream in their order: the others wait for
// the next round.
func (p *publisher) publish(ctx context.Context, page []*receiver.Event) error {
	if len(page) == 0 {
		return nil
	}
	began := time.Now()
	for left := page; len(left) > 0; {
		var now []*receiver.Event
		now, left = p.round(left)
		if err := p.send(ctx, now); err != nil {
			return err
		}
	}
	if took := time.Since(began); took >= p.o.patience/2 {
		p.status.slow(took)
	}
	p.cursor = page[len(page)-1].Seq
	p.acks.moved(p.cursor)
	return nil
}

// round returns the first event of each order and job, and the others.
func (p *publisher) round(events []*receiver.Event) (now, left []*receiver.Event) {
	busy := map[receiver.Key]bool{}
	for _, e := range events {
		key := receiver.Key{Kind: e.Kind, ID: e.ID}
		switch {
		case e.Origin != "" || !p.o.Accept(e):
		case busy[key]:
			left = append(left, e)
		default:
			now = append(now, e)
			busy[key] = e.ID != ""
		}
	}
	return now, left
}

const (
	// nobodyWait is the wait before a message is sent again that no stream took, nobodyTries how
	// often it is.
	nobodyWait  = 250 * time.Millisecond
	nobodyTries = 3
)

// send sends events until the stream has answered to each of them.
func (p *publisher) send(ctx context.Context, events []*receiver.Event) error {
	for try := 1; len(events) > 0; try++ {
		again, err := p.sendOnce(ctx, events)
		switch {
		case err != nil:
			return err
		case len(again) == 0:
			return nil
		case try == nobodyTries:
			return p.o.explainPublish(errNobody)
		case !retry.Sleep(ctx, nobodyWait):
			return ctx.Err()
		}
		events = again
	}
	return nil
}

// sendOnce sends events and waits for the answers. It returns those that no stream took.
func (p *publisher) sendOnce(ctx context.Context, events []*receiver.Event) (again []*receiver.Event, err error) {
	first := p.out.sent + 1
	sent, err := p.put(events)
	if err != nil {
		return nil, err
	}
	late := time.NewTimer(p.o.patience)
	defer late.Stop()
	for left := len(sent); left > 0; {
		a, err := p.out.receive(ctx, late.C)
		if errors.Is(err, errNoAnswer) {
			err = p.o.explainPublish(err)
		}
		if err != nil {
			return nil, err
		}
		i := a.number - first
		if i < 0 || i >= len(sent) || sent[i] == nil {
			continue // nobody asked for it
		}
		e := sent[i]
		sent[i] = nil
		left--
		if a.err == nil {
			p.own.add(a.place)
		}
		if errors.Is(a.err, errNobody) {
			again = append(again, e)
		} else if err := p.answered(e.Seq, a.err); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// put sends events, and returns them without those that are too long for the servers.
func (p *publisher) put(events []*receiver.Event) ([]*receiver.Event, error) {
	sent, ahead := make([]*receiver.Event, 0, len(events)), p.ahead()
	for _, e := range events {
		err := p.out.send(p.encode.encode(e, ahead))
		if errors.Is(err, nats.ErrMaxPayload) {
			limit := p.out.nc.MaxPayload()
			if err := p.giveUp(e.Seq, fmt.Errorf("it is longer than max_payload of the servers, %d bytes", limit)); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, errors.New(brief(err))
		}
		sent = append(sent, e)
	}
	return sent, nil
}

// answered handles an answer. It returns nil if the event is done.
func (p *publisher) answered(seq int64, err error) error {
	switch {
	case err == nil:
		p.status.published(false)
		return nil
	case isThere(err):
		p.status.published(true)
		return nil
	case errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum):
		return p.giveUp(seq, errors.New("it is longer than max_msg_size of the stream"))
	default:
		return p.o.explainPublish(err)
	}
}

// giveUp puts an event on the list of failures, since the stream will never take it.
func (p *publisher) giveUp(seq int64, why error) error {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	err := p.o.Store.AddFailure(ctx, receiver.Failure{Reader: p.o.reader(), Seq: seq, At: time.Now(), Tries: 1, Reason: why.Error()})
	if err != nil {
		return err
	}
	p.acks.refuse(seq, why)
	p.status.gaveUp(seq, why)
	return nil
}

// storeFailed is the code of all errors of a stream that does not store a message.
const storeFailed = 10077

// isThere reports whether a stream refuses a message because it has one with this subject.
func isThere(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == storeFailed && api.Description == "maximum messages per subject exceeded"
}

// explainPublish says what to do about a stream that does not take an event.
func (o *Options) explainPublish(err error) error {
	const wrongStream, noResources = 10060, 10023
	var api *jetstream.APIError
	switch {
	case errors.Is(err, errNoAnswer), errors.Is(err, errNobody):
		return errors.New("the stream does not answer: " + lookAtServers)
	case !errors.As(err, &api):
		return errors.New(brief(err))
	case api.ErrorCode == storeFailed:
		return &Full{fmt.Errorf("the stream %s takes no more events (%s): raise its limits, or delete old messages", o.Name, brief(errors.New(api.Description)))}
	case api.ErrorCode == noResources:
		return &Full{fmt.Errorf("the server has no room for the stream %s (%s): raise its limits", o.Name, brief(errors.New(api.Description)))}
	case api.ErrorCode == wrongStream:
		return fmt.Errorf("the subjects %s lead to another stream than %s", subjects, o.Name)
	default:
		return &Full{fmt.Errorf("the stream %s does not take an event: %s", o.Name, brief(errors.New(api.Description)))}
	}
}

// Full is the error of a stream that answers, but takes no more events.
type Full struct{ err error }

func (f *Full) Error() string { return f.err.Error() }
