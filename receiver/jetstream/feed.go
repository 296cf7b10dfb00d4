package jetstream

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// feed reads the stream for a piece of work, in the order that all members see. The Seq of its events
// is the number of the message. One goroutine reads it at a time; others may ask for known events.
type feed struct {
	o      *Options
	by     author
	c      *connection
	fail   func(error) // ends the work
	clocks *clocks
	status *statusKeeper

	arrived chan jetstream.Msg
	head    jetstream.Msg // arrived, and is not read yet; may be nil
	from    uint64        // the last message that was returned, or asked for
	err     error         // why no more can be read
	stop    func()
	follows uint64 // the message that comes next, if none is gone
	counts  bool   // those that are gone matter

	mu        sync.Mutex
	known     map[int64]known // events that are not done
	forgotten int64           // the last one that was
	read      uint64          // the last message that was read
	last      uint64          // the last one that the stream is known to have
}

// known is what is kept of an event.
type known struct {
	seq  int64    // its number in the own store
	done []string // who is done with it, see doneHeader
}

func newFeed(t *Team, c *connection, fail func(error)) *feed {
	return &feed{o: &t.o, by: t.by, c: c, fail: fail, clocks: t.clocks, status: t.status, known: map[int64]known{}, last: c.stream.CachedInfo().State.LastSeq}
}

// next waits for events after a message. Its errors end the work.
func (f *feed) next(ctx context.Context, after uint64, most int) ([]*receiver.Event, error) {
	for {
		if err := f.wait(ctx, after); err != nil {
			return nil, err
		}
		if events, err := f.ready(ctx, after, most); len(events) > 0 || err != nil {
			return events, err
		}
	}
}

// wait waits until there is a message.
func (f *feed) wait(ctx context.Context, after uint64) error {
	if err := f.seek(ctx, after); err != nil || f.head != nil || f.err != nil {
		return f.ends(ctx, err)
	}
	select {
	case f.head = <-f.arrived:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ready returns events that are there already, possibly none.
func (f *feed) ready(ctx context.Context, after uint64, most int) ([]*receiver.Event, error) {
	if err := f.seek(ctx, after); err != nil {
		return nil, f.ends(ctx, err)
	}
	for f.err == nil {
		all := f.page(after, most)
		if len(all) == 0 && f.head == nil && len(f.arrived) == 0 {
			break
		}
		events, err := f.resolve(ctx, all)
		if err != nil {
			return nil, f.ends(ctx, err)
		}
		if len(events) > 0 {
			f.from = uint64(events[len(events)-1].Seq)
			return events, nil
		}
	}
	return nil, f.ends(ctx, f.err)
}

// ends ends the work for an error that is not the end of a context.
func (f *feed) ends(ctx context.Context, err error) error {
	if err != nil && ctx.Err() == nil {
		f.fail(err)
	}
	return err
}

// seek begins to read, unless it has begun.
func (f *feed) seek(ctx context.Context, after uint64) error {
	if f.stop != nil && after >= f.from {
		return nil
	}
	f.close()
	consumer, err := f.c.stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: after + 1, MaxResetAttempts: 1,
	})
	if err != nil {
		return f.o.explainRead(err)
	}
	f.arrived, f.head, f.from = make(chan jetstream.Msg, pageOfFeed), nil, after
	f.follows = after + 1
	f.stop, err = f.consume(consumer, f.arrived)
	return err
}

// pageOfFeed is how many messages are fetched ahead.
const pageOfFeed = 256

func (f *feed) consume(consumer jetstream.Consumer, into chan<- jetstream.Msg) (stop func(), err error) {
	ctx, end := context.WithCancel(context.Background())
	bytes := max(16<<20, 2*int(f.c.js.Conn().MaxPayload()))
	reading, err := consumer.Consume(
		func(m jetstream.Msg) {
			select {
			case into <- m:
			case <-ctx.Done():
			}
		},
		jetstream.PullMaxMessagesWithBytesLimit(pageOfFeed, bytes), jetstream.PullHeartbeat(beat), jetstream.PullExpiry(6*beat),
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
			if ctx.Err() == nil {
				f.fail(f.o.explainRead(err))
			}
		}),
	)
	if err != nil {
		end()
		return nil, f.o.explainRead(err)
	}
	return func() {
		end()
		reading.Stop()
		<-reading.Closed()
	}, nil
}

// close ends reading.
func (f *feed) close() {
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
}

// message is a message that was read.
type message struct {
	event *receiver.Event
	place int64
	done  []string
}

// page takes the messages that have arrived, up to one that ends the work: what comes before it is
// done first.
func (f *feed) page(after uint64, most int) (all []message) {
	for size := 0; len(all) < most && size < receiver.PageBytes && f.err == nil; {
		m := f.head
		if f.head = nil; m == nil {
			select {
			case m = <-f.arrived:
			default:
				return all
			}
		}
		got, ok, err := f.decode(m, after)
		if f.err = err; ok {
			all, size = append(all, got), size+got.event.Size()
		}
	}
	return all
}

// decode reads a message. ok is false for one that another program wrote, or that was asked for already.
func (f *feed) decode(m jetstream.Msg, after uint64) (got message, ok bool, err error) {
	meta, err := m.Metadata()
	if err != nil {
		return got, false, err
	}
	place := meta.Sequence.Stream
	if f.counts && place > f.follows {
		f.status.unforwarded(place - f.follows)
	}
	f.follows = place + 1
	f.saw(place, place+meta.NumPending)
	e, err := decode(m.Subject(), m.Headers(), m.Data())
	if errors.Is(err, errNewer) {
		return got, false, &Newer{fmt.Errorf("message %d of the stream can't be forwarded: %w", place, err)}
	}
	if err != nil || place <= after {
		return got, false, nil
	}
	if m.Headers().Get(runHeader) != f.by.run {
		e.Origin = nameOf(m.Headers().Get(originHeader))
		f.clocks.saw(e.Origin, aheadIn(m.Headers()))
	}
	return message{e, int64(place), m.Headers().Values(doneHeader)}, true, nil
}

// resolve finds out which numbers events have in the own store, which gets those that it does not
// have yet.
func (f *feed) resolve(ctx context.Context, all []message) (events []*receiver.Event, err error) {
	if len(all) == 0 {
		return nil, nil
	}
	for _, m := range all {
		events = append(events, m.event)
	}
	receipts, err := f.store(ctx, events)
	if err != nil {
		return nil, err
	}
	for i, m := range all {
		e := *m.event // readers of the store may have the other one
		e.Seq, e.ConflictsWith = m.place, receipts[i].ConflictsWith
		if receipts[i].Duplicate {
			stored, err := receiver.EventAt(ctx, f.o.Store, receipts[i].Seq, false)
			if err != nil {
				return nil, err
			}
			if stored != nil {
				e.ConflictsWith = stored.ConflictsWith
			}
		}
		events[i] = &e
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, m := range all {
		f.known[m.place] = known{receipts[i].Seq, m.done}
	}
	return events, nil
}

func (f *feed) store(ctx context.Context, events []*receiver.Event) ([]receiver.Receipt, error) {
	for try := 1; ; try++ {
		receipts, err := f.o.Store.AppendAll(ctx, events)
		if !errors.Is(err, receiver.ErrBusy) || !retry.Sleep(ctx, retry.Backoff(try, 10*time.Millisecond, time.Second)) {
			return receipts, err
		}
	}
}

// again reads an event that is known once more: from the own store or, if that has deleted it, from
// the stream. It returns nil if neither has it.
func (f *feed) again(ctx context.Context, place int64) (*receiver.Event, error) {
	k, ok := f.of(place)
	if !ok {
		return nil, nil
	}
	stored, err := receiver.EventAt(ctx, f.o.Store, k.seq, false)
	if err != nil {
		return nil, err
	}
	if stored != nil {
		e := *stored
		e.Seq = place
		return &e, nil
	}
	m, err := f.c.stream.GetMsg(ctx, uint64(place))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, f.o.explainRead(err)
	}
	e, err := decode(m.Subject, m.Header, m.Data)
	if err != nil {
		return nil, err
	}
	e.Seq, e.Origin = place, nameOf(m.Header.Get(originHeader))
	return e, nil
}

// of returns what is known of an event.
func (f *feed) of(place int64) (known, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, ok := f.known[place]
	return k, ok
}

// forget forgets the events up to one, which are done.
func (f *feed) forget(cursor int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ; f.forgotten < cursor; f.forgotten++ {
		delete(f.known, f.forgotten+1)
	}
}

// forgetAll forgets all events: they are read again.
func (f *feed) forgetAll(cursor int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known, f.forgotten = map[int64]known{}, cursor
}

// saw notes that a message was read, and up to which one the stream has some.
func (f *feed) saw(read, last uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read, f.last = read, max(f.last, last)
}

// progress is the last message that was read, and the last one that the stream is known to have.
func (f *feed) progress() (read, last uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.read, f.last
}
