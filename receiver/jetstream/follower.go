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
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
)

// beat is how often a server says that there is nothing new. After two of them without a word
// the member begins to read again: the server that read for it may have died.
const beat = 2 * time.Second

// follower stores what others put into the stream.
type follower struct {
	o      *Options
	by     author
	clocks *clocks
	status *statusKeeper

	state   streams.State // how far the stream is followed
	last    uint64        // the last message when following began
	saved   uint64        // the place that is saved
	savedAt time.Time
}

// follow follows the stream from the saved place on, until ctx ends or it can't go on. With last
// it ends after the message with this number.
func (f *follower) follow(ctx context.Context, c *connection, last uint64) error {
	s := c.stream
	info, err := s.Info(ctx)
	if err != nil {
		return f.o.explainRead(err)
	}
	first := info.State.FirstSeq
	f.saved, f.savedAt, f.last = f.state.Place, time.Now(), info.State.LastSeq
	if first > f.state.Place+1 {
		f.status.missed(first-f.state.Place-1, f.state.Place == 0)
		f.state.Place = first - 1
	}
	behind := max(f.last, f.state.Place) - f.state.Place
	f.status.follows(f.state.Place, behind, behind == 0)
	if last != 0 && f.state.Place >= last {
		return f.save(ctx)
	}
	consumer, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: f.state.Place + 1, MaxResetAttempts: 1,
	})
	if err != nil {
		return f.o.explainRead(err)
	}
	if i := consumer.CachedInfo(); last != 0 && i != nil && i.NumPending == 0 {
		f.state.Place = last // those up to it are gone
		return f.save(ctx)
	}
	// A message longer than the limit would never come.
	bytes := max(16<<20, 2*int(c.js.Conn().MaxPayload()))
	return f.consume(ctx, consumer, bytes, last)
}

func (f *follower) consume(ctx context.Context, consumer jetstream.Consumer, bytes int, last uint64) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	arrived := make(chan jetstream.Msg, followed)
	reading, err := consumer.Consume(
		func(m jetstream.Msg) {
			select {
			case arrived <- m:
			case <-ctx.Done():
			}
		},
		jetstream.PullMaxMessagesWithBytesLimit(followed, bytes), jetstream.PullHeartbeat(beat), jetstream.PullExpiry(6*beat),
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) { end(f.o.explainRead(err)) }),
	)
	if err != nil {
		return f.o.explainRead(err)
	}
	defer func() {
		end(nil) // the handler waits for nobody then
		reading.Stop()
		<-reading.Closed()
	}()
	return f.store(ctx, arrived, last)
}

// store stores messages in batches. The next batch is collected while one is stored.
func (f *follower) store(ctx context.Context, arrived <-chan jetstream.Msg, last uint64) error {
	ctx, end := context.WithCancel(ctx)
	c := &collector{o: f.o, by: f.by, clocks: f.clocks, status: f.status, last: f.last, place: f.state.Place, out: make(chan batch)}
	var collecting sync.WaitGroup
	collecting.Go(func() { c.run(ctx, arrived) })
	defer collecting.Wait()
	defer end()
	for b := range c.out {
		f.state.Place = b.place
		if len(b.events) > 0 {
			if err := f.append(ctx, b); err != nil {
				return err
			}
		} else if f.saved != f.state.Place && time.Since(f.savedAt) >= placeEvery {
			if err := f.save(ctx); err != nil {
				return err
			}
		}
		f.status.follows(f.state.Place, b.behind, b.err == nil)
		switch {
		case b.err != nil:
			return b.err
		case last != 0 && (f.state.Place >= last || b.read && b.behind == 0):
			return f.save(ctx)
		}
	}
	return context.Cause(ctx)
}

// append stores events and the place of the last message in one transaction. If the store is
// busy, it waits.
func (f *follower) append(ctx context.Context, b batch) error {
	for try := 1; ; try++ {
		receipts, err := f.o.Store.AppendStream(ctx, f.state, b.events...)
		if err == nil {
			f.saved, f.savedAt = f.state.Place, time.Now()
			f.status.applied(receipts)
			f.returned(b, receipts)
			return nil
		}
		if !errors.Is(err, receiver.ErrBusy) || !retry.Sleep(ctx, retry.Backoff(try, 10*time.Millisecond, time.Second)) {
			return because(ctx, err)
		}
	}
}

// returned counts the events of a member of this name that were new to the store.
func (f *follower) returned(b batch, receipts []receiver.Receipt) {
	n := 0
	for _, i := range b.own {
		if !receipts[i].Duplicate {
			n++
		}
	}
	if n > 0 {
		f.status.returned(f.by.member, n)
	}
}

// save saves the place.
func (f *follower) save(ctx context.Context) error {
	if f.saved == f.state.Place {
		return nil
	}
	return f.append(ctx, batch{})
}

// explainRead says what to do about a stream that can't be read.
func (o *Options) explainRead(err error) error {
	switch {
	case errors.Is(err, jetstream.ErrNoHeartbeat), errors.Is(err, context.DeadlineExceeded):
		return errors.New("the server has nothing to say about the stream any more: " + lookAtServers)
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return fmt.Errorf("the stream %s is gone", o.Name)
	default:
		return errors.New("read the stream: " + brief(err))
	}
}
