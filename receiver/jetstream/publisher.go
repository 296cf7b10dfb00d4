package jetstream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// window is how many events are published at a time without an answer.
	window = 256
	// gather is how long events gather after a page of several, and gatherMany after a page of many:
	// it costs less to publish many at a time. A lone event does not wait.
	gather     = 5 * time.Millisecond
	gatherMany = 25 * time.Millisecond
	many       = 32
	// Receiving goes first: while many deliveries come, publishing rests twelve times as long as it
	// worked. So where they take the whole machine, it takes a small part of it, and the stream falls
	// behind. `make bench-team` measures this.
	restFactor = 12
	// longestRest bounds a rest: a page may also take long because of a slow network, which a rest does
	// not make faster. On a busy machine a page takes some milliseconds.
	longestRest = time.Second
	// maxBehind is how long the stream may lack a page or more. Then publishing does not rest until it
	// lacks less. It is no number of events, as machines differ, and no age of events, as the clock that
	// they have may be put back.
	maxBehind = time.Minute
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
	ahead  func() time.Duration // see encode

	worked time.Duration // how long it took to send the last page, without the wait for answers
	newest int64         // the last event that was known when the page before was published; later ones came since
	level  time.Duration // when the stream lacked less than a page last, by the clock of the options
	cursor int64         // all events up to it are done
	saved  int64         // the cursor that is saved
	at     time.Time
}

// run publishes the events after the checkpoint, and those that arrive, until ctx ends or the
// stream does not take one.
func (p *publisher) run(ctx context.Context, js jetstream.JetStream) error {
	start, _, err := p.o.Store.Checkpoint(ctx, p.o.reader())
	if err != nil {
		return err
	}
	p.cursor, p.saved, p.at = start.Cursor, start.Cursor, time.Now()
	p.level = p.o.clock() - maxBehind // what waits from earlier does not rest
	p.acks.moved(p.cursor)
	defer p.save(context.WithoutCancel(ctx))
	if counts, err := p.o.Store.Counts(ctx); err == nil {
		p.newest = counts.LastSeq
		if p.newest <= p.cursor {
			p.works() // there is nothing that could show it
		}
	}
	for {
		page, err := p.next(ctx)
		if err != nil {
			return because(ctx, err)
		}
		if err := p.publish(ctx, js, page); err != nil {
			return because(ctx, err)
		}
		p.works()
		if time.Since(p.at) >= saveEvery {
			p.save(ctx)
		}
		p.gather(ctx, p.pause(ctx, page)) // the next read says that ctx ended
	}
}

// gather waits while events come. A long wait ends soon after an answer begins to wait for the stream.
func (p *publisher) gather(ctx context.Context, pause time.Duration) {
	if pause <= gather {
		p.o.sleep(ctx, pause)
		return
	}
	resting, end := p.acks.untilAwaited(ctx)
	defer end()
	p.o.sleep(resting, pause)
	if resting.Err() != nil {
		p.o.sleep(ctx, gather)
	}
}

// pause is how long events gather after a page.
func (p *publisher) pause(ctx context.Context, page []*receiver.Event) time.Duration {
	full, awaited := len(page) == window, p.acks.awaited() // full: there may be more already
	switch {
	case len(page) >= many && full && !awaited:
		return p.rest(ctx, page)
	case len(page) >= many && !awaited:
		return max(gatherMany, p.rest(ctx, page))
	}
	if len(page) > 0 {
		p.newest = max(p.newest, page[len(page)-1].Seq)
	}
	if !full {
		p.level = p.o.clock()
	}
	if len(page) <= 1 || full {
		return 0
	}
	return gather
}

// rest is how long publishing makes way for receiving after a page. It does not if all is published.
func (p *publisher) rest(ctx context.Context, page []*receiver.Event) time.Duration {
	counts, err := p.o.Store.Counts(ctx)
	if err != nil {
		return 0 // the next read says so
	}
	came, left := counts.LastSeq-p.newest, counts.LastSeq-page[len(page)-1].Seq
	p.newest = counts.LastSeq
	if left < window {
		p.level = p.o.clock()
	}
	if came < many || left == 0 || p.o.clock()-p.level >= maxBehind {
		return 0
	}
	return min(restFactor*p.worked, longestRest)
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

// pending is an event without an answer.
type pending struct {
	seq     int64
	answer  jetstream.PubAckFuture
	tooLong error // why it was not sent, instead of an answer
}

// publish publishes a page and waits for all answers. Of each order and job only one event is
// without an answer at a time, so that they are in the stream in their order: the others wait for
// the next round.
func (p *publisher) publish(ctx context.Context, js jetstream.JetStream, page []*receiver.Event) error {
	if len(page) == 0 {
		return nil
	}
	began := time.Now()
	p.worked = 0
	for left := page; len(left) > 0; {
		sending := time.Now()
		var open []pending
		var err error
		if open, left, err = p.round(js, left); err != nil {
			return err
		}
		p.worked += time.Since(sending)
		for _, o := range open {
			if err := p.settle(ctx, o); err != nil {
				return err
			}
		}
	}
	if took := time.Since(began); took >= p.o.patience/2 {
		p.status.slow(took)
	}
	p.cursor = page[len(page)-1].Seq
	p.acks.moved(p.cursor)
	return nil
}

// round publishes the first event of each order and job, and returns the others.
func (p *publisher) round(js jetstream.JetStream, events []*receiver.Event) (open []pending, left []*receiver.Event, err error) {
	busy := map[receiver.Key]bool{}
	for _, e := range events {
		key := receiver.Key{Kind: e.Kind, ID: e.ID}
		switch {
		case e.Origin != "" || !p.o.Accept(e):
			continue
		case busy[key]:
			left = append(left, e)
			continue
		}
		sent, err := p.send(js, e)
		if err != nil {
			return nil, nil, err
		}
		open = append(open, sent)
		busy[key] = e.ID != ""
	}
	return open, left, nil
}

// send publishes an event, unless it is too long for the servers.
func (p *publisher) send(js jetstream.JetStream, e *receiver.Event) (pending, error) {
	answer, err := js.PublishMsgAsync(encode(p.o.Workspace, p.by, e, p.o.Done(e.Seq), p.ahead()), jetstream.WithExpectStream(p.o.Name))
	if errors.Is(err, nats.ErrMaxPayload) {
		limit := js.Conn().MaxPayload()
		return pending{seq: e.Seq, tooLong: fmt.Errorf("it is longer than max_payload of the servers, %d bytes", limit)}, nil
	}
	return pending{seq: e.Seq, answer: answer}, err
}

// settle waits for the answer to an event, or gives it up.
func (p *publisher) settle(ctx context.Context, o pending) error {
	if o.tooLong != nil {
		return p.giveUp(o.seq, o.tooLong)
	}
	select {
	case <-o.answer.Ok():
		p.status.published(false)
		return nil
	case err := <-o.answer.Err():
		return p.refused(o.seq, err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refused handles an answer that is an error. It returns nil if the event is done.
func (p *publisher) refused(seq int64, err error) error {
	switch {
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
	const wrongStream, noResources, limitsExceeded = 10060, 10023, 10002
	var api *jetstream.APIError
	switch {
	case errors.Is(err, jetstream.ErrAsyncPublishTimeout), errors.Is(err, jetstream.ErrNoStreamResponse):
		return errors.New("the stream does not answer: " + lookAtServers)
	case !errors.As(err, &api):
		return errors.New(brief(err))
	case api.ErrorCode == storeFailed:
		return &Full{fmt.Errorf("the stream %s takes no more events (%s): raise its limits, or delete old messages", o.Name, brief(errors.New(api.Description)))}
	case api.ErrorCode == limitsExceeded:
		return &Full{fmt.Errorf("the account has no room for the stream %s (%s): raise its limits, or delete old messages", o.Name, brief(errors.New(api.Description)))}
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
