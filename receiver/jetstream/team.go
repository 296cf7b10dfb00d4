package jetstream

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
)

const (
	// The wait before the next connection grows from firstWait to longestWait.
	firstWait   = 200 * time.Millisecond
	longestWait = 10 * time.Second
	// steady is how long a connection must last so that the next wait is short again.
	steady = 10 * time.Second
	// ackPatience is how long a delivery waits for a stream that does not work.
	ackPatience = 3 * time.Second
)

// Team is a member of a team: it keeps the team's stream and the own store alike. Its methods
// are safe for concurrent use, but only one Run may run at a time.
type Team struct {
	o      Options
	by     author
	acks   *acks
	status *statusKeeper
}

// New makes a Team.
func New(o Options) *Team {
	o = o.withDefaults()
	log := o.Logger.With("stream", o.Name)
	return &Team{o: o, by: author{o.Member, rand.Text()}, acks: newAcks(), status: &statusKeeper{log: log}}
}

// Reader is the name of the reader of the store whose checkpoint says how far a stream is.
func Reader(stream string) string { return "stream " + stream }

func (o *Options) reader() string { return Reader(o.Name) }

// Reader is the name of the team's reader of the store.
func (t *Team) Reader() string { return t.o.reader() }

// Status returns the state of the team.
func (t *Team) Status() Status { return t.status.get() }

// Await waits until the stream has an event of the store, or it is known that it need not have
// it. It returns an error if the stream does not take events, which the store keeps for it.
func (t *Team) Await(ctx context.Context, seq int64) error {
	return t.acks.await(ctx, seq, ackPatience)
}

// Prepare has the store keep its events until the stream has them. A stream that is new to the
// store gets all of them. Run calls it if it was not called before.
func (t *Team) Prepare(ctx context.Context) error {
	p, known, err := t.o.Store.Checkpoint(ctx, t.o.reader())
	if err == nil && !known {
		err = t.o.Store.SaveCheckpoint(ctx, t.o.reader(), receiver.Checkpoint{})
	}
	if err != nil {
		return fmt.Errorf("prepare the stream %s: %w", t.o.Name, err)
	}
	failures, err := t.o.Store.Failures(ctx, t.o.reader())
	if err != nil {
		return fmt.Errorf("prepare the stream %s: %w", t.o.Name, err)
	}
	for _, f := range failures {
		t.acks.refuse(f.Seq, errors.New(f.Reason))
	}
	t.acks.moved(p.Cursor)
	return nil
}

// Run publishes events until ctx ends or the store is closed. It returns nil then. Whatever
// else goes wrong is tried again.
func (t *Team) Run(ctx context.Context) error {
	if err := t.Prepare(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	failures := 0
	for {
		began := time.Now()
		err := t.session(ctx)
		t.status.disconnected()
		if ctx.Err() != nil || errors.Is(err, receiver.ErrClosed) {
			return nil
		}
		t.fails(err)
		if failures++; time.Since(began) >= steady {
			failures = 1
		}
		if !retry.Sleep(ctx, retry.Jitter(retry.Backoff(failures, firstWait, longestWait))) {
			return nil
		}
	}
}

func (t *Team) fails(err error) {
	t.acks.fails(err)
	t.status.failed(err)
}

// errDisconnected is why a session ends whose connection was lost.
var errDisconnected = errors.New("the connection to the server was lost")

// session connects and works until the connection is lost, ctx ends, or the stream can't be
// used.
func (t *Team) session(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	refusals := newRefusals()
	nc, err := t.o.dial(
		ctx,
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refusals.report(err) }),
		nats.ClosedHandler(func(nc *nats.Conn) { end(lost(nc.LastError())) }),
	)
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncTimeout(t.o.patience), jetstream.WithDefaultTimeout(t.o.patience))
	if err != nil {
		return err
	}
	asking, asked := refusals.watch(ctx, apiSubject)
	defer asked()
	s, err := t.o.openStream(asking, js)
	if err != nil {
		return because(asking, err)
	}
	if err := t.identify(ctx, s.CachedInfo()); err != nil {
		return err
	}
	t.acks.begins()
	t.status.connected(nc.ConnectedUrlRedacted())
	return t.work(ctx, js, refusals)
}

// identify begins again if the stream is not the one of the last time: it gets all events. A
// stream that was restored from a backup is shorter than it was.
func (t *Team) identify(ctx context.Context, i *jetstream.StreamInfo) error {
	known, err := t.o.Store.Stream(ctx, t.o.Name)
	if err != nil {
		return err
	}
	identity := i.Created.UTC().Format(time.RFC3339Nano)
	if known.Identity == identity && known.Place <= i.State.LastSeq {
		return nil
	}
	if known.Identity != "" {
		t.status.log.Warn("the team's stream is not the one of the last time; it gets all events of the store", "created", identity)
	}
	return t.o.Store.BeginStream(ctx, streams.State{Name: t.o.Name, Identity: identity}, t.o.reader())
}

// lost is why a session ends.
func lost(err error) error {
	if err == nil {
		return errDisconnected
	}
	return fmt.Errorf("%w (%s)", errDisconnected, brief(err))
}

// work publishes until the connection is lost or ctx ends.
func (t *Team) work(ctx context.Context, js jetstream.JetStream, refusals *refusals) error {
	var working sync.WaitGroup
	defer working.Wait()
	return t.publishing(ctx, js, refusals)
}

// publishing publishes, and tries again if the stream answers but takes nothing.
func (t *Team) publishing(ctx context.Context, js jetstream.JetStream, refusals *refusals) error {
	for failures := 1; ; failures++ {
		p := &publisher{o: &t.o, by: t.by, acks: t.acks, status: t.status}
		began := time.Now()
		allowed, end := refusals.watch(ctx, "up42.")
		err := p.run(allowed, js)
		end()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !errors.As(err, new(*NotPermitted)) && !errors.As(err, new(*Full)) {
			return err
		}
		t.fails(err)
		if time.Since(began) >= steady {
			failures = 1
		}
		if !retry.Sleep(ctx, retry.Jitter(retry.Backoff(failures, time.Second, 30*time.Second))) {
			return context.Cause(ctx)
		}
	}
}
