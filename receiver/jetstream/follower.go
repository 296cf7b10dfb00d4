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
	own    *ownRun
	status *statusKeeper

	state   streams.State // how far the stream is followed
	last    uint64        // the last message when following began
	saved   uint64        // the place that is saved
	savedAt time.Time

	// looked is when alone looked at the own messages last, and ownAt the last of them then.
	looked time.Time
	ownAt  uint64
}

// run follows the stream from the saved place on, until ctx ends or it can't go on. With last
// it ends after the message with this number. While only this member writes, and much, it does not
// read back what it has written.
func (f *follower) run(ctx context.Context, c *connection, last uint64) error {
	f.saved, f.savedAt, f.last = f.state.Place, time.Now(), c.stream.CachedInfo().State.LastSeq
	for {
		if err := f.follow(ctx, c, last); !errors.Is(err, errAlone) {
			return err
		}
		if err := f.skip(ctx); err != nil {
			return err
		}
		info, err := c.stream.Info(ctx)
		if err != nil {
			return f.o.explainRead(err)
		}
		if identityOf(info) != f.state.Identity || info.State.LastSeq < f.state.Place {
			return fmt.Errorf("the stream %s was made again", f.o.Name)
		}
	}
}

const (
	// aloneWithin is how soon aloneMessages of its own must come without one of others, so that a member
	// reads back none.
	aloneWithin   = time.Second
	aloneMessages = 256
	// skipEvery is how often it looks then whether that is still so. After skipIdle without one of its own
	// it reads again: nothing else would say that others write.
	skipEvery = 5 * time.Millisecond
	skipIdle  = 50 * time.Millisecond
)

// errAlone ends reading: the stream gets only messages of this member.
var errAlone = errors.New("no other member writes")

// alone reports whether the stream has got many messages of this member lately, and none of others.
func (f *follower) alone() bool {
	first, last, ok := f.own.after(f.state.Place)
	if now := time.Now(); !ok || now.Sub(f.looked) >= aloneWithin {
		f.looked, f.ownAt = now, max(last, f.state.Place)
		return false
	}
	return last >= max(first, f.ownAt)+aloneMessages
}

// skip skips own messages, of which the answers to the publisher tell, until there may be one of others.
func (f *follower) skip(ctx context.Context) error {
	for moved := time.Now(); time.Since(moved) < skipIdle; {
		if !retry.Sleep(ctx, skipEvery) {
			return context.Cause(ctx)
		}
		_, last, ok := f.own.after(f.state.Place)
		if !ok {
			return nil
		}
		if last == f.state.Place {
			continue
		}
		moved, f.state.Place = time.Now(), last
		f.status.follows(last, last)
		if err := f.saveSometimes(ctx); err != nil {
			return err
		}
	}
	return nil
}

// follow follows the stream from the saved place on, until ctx ends or it can't go on. With last
// it ends after the message with this number.
func (f *follower) follow(ctx context.Context, c *connection, last uint64) error {
	s := c.stream
	first := s.CachedInfo().State.FirstSeq
	if first > f.state.Place+1 {
		f.status.missed(first-f.state.Place-1, f.state.Place == 0)
		f.state.Place = first - 1
	}
	f.status.follows(f.state.Place, max(s.CachedInfo().State.LastSeq, f.state.Place))
	if last != 0 && f.state.Place >= last {
		return f.save(ctx)
	}
	consumer, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: f.state.Place + 1, MaxResetAttempts: 1,
	})
	if err != nil {
		return f.o.explainRead(err)
	}
	// A message longer than the limit would never come.
	bytes := max(16<<20, 2*int(c.js.Conn().MaxPayload()))
	err = f.consume(ctx, consumer, bytes, last)
	if errors.Is(err, errAlone) {
		_ = s.DeleteConsumer(ctx, consumer.CachedInfo().Name) // it would go away by itself, later
	}
	return err
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
		} else if err := f.saveSometimes(ctx); err != nil {
			return err
		}
		f.status.follows(f.state.Place, f.state.Place+b.behind)
		switch {
		case b.err != nil:
			return b.err
		case last != 0 && (f.state.Place >= last || b.read && b.behind == 0):
			return f.save(ctx)
		case f.alone():
			return errAlone
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

// saveSometimes saves the place of messages that are not stored.
func (f *follower) saveSometimes(ctx context.Context) error {
	if time.Since(f.savedAt) < placeEvery {
		return nil
	}
	return f.save(ctx)
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
