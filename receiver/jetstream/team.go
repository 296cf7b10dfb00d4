package jetstream

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
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

// Team is a member of a team: it gives the team's stream the events of the own store, and the store those
// of the stream. Its methods are safe for concurrent use, but only one Run may run at a time.
type Team struct {
	o      Options
	by     author
	acks   *acks
	status *statusKeeper
	joined atomic.Int64 // see IsHistory, microseconds since 1970, by the servers' clock
	clocks *clocks
	start  start
	duties []*Shared
	crew   *crew
	like   *jetstream.StreamConfig // of the stream, when it was last there
	began  time.Time
	born   time.Duration // when it began, by the clock that nobody sets
}

// start is what the store had when the member began: the events up to seq, and the messages of a
// stream up to place.
type start struct {
	known      bool
	seq, place int64
	identity   string
}

// New makes a Team.
func New(o Options) *Team {
	o = o.withDefaults()
	log := o.Logger.With("stream", o.Name)
	by := author{o.Member, rand.Text()}
	return &Team{o: o, by: by, clocks: newClocks(), acks: newAcks(), status: &statusKeeper{log: log}, crew: newCrew(by.run, o.clock, log), began: o.now(), born: o.clock()}
}

// Reader is the name of the reader of the store whose checkpoint says how far a stream is.
func Reader(stream string) string { return readerPrefix + stream }

const readerPrefix = "stream "

// IsReader reports whether a reader of a store is that of a stream: it is no target.
func IsReader(name string) bool { return strings.HasPrefix(name, readerPrefix) }

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
	if !t.o.FollowOnly {
		if err := t.prepareReader(ctx); err != nil {
			return fmt.Errorf("prepare the stream %s: %w", t.o.Name, err)
		}
	}
	s, err := t.o.Store.Stream(ctx, t.o.Name)
	if err != nil {
		return fmt.Errorf("prepare the stream %s: %w", t.o.Name, err)
	}
	if s.Identity != "" {
		t.joined.Store(s.Joined.UnixMicro())
	}
	counts, err := t.o.Store.Counts(ctx)
	if err != nil {
		return fmt.Errorf("prepare the stream %s: %w", t.o.Name, err)
	}
	if !t.start.known {
		t.start = start{true, counts.LastSeq, int64(s.Place), s.Identity}
	}
	return nil
}

// prepareReader loads the checkpoint, or makes one.
func (t *Team) prepareReader(ctx context.Context) error {
	p, known, err := t.o.Store.Checkpoint(ctx, t.o.reader())
	if err == nil && !known {
		err = t.o.Store.SaveCheckpoint(ctx, t.o.reader(), receiver.Checkpoint{})
	}
	if err != nil {
		return err
	}
	failures, err := t.o.Store.Failures(ctx, t.o.reader())
	if err != nil {
		return err
	}
	for _, f := range failures {
		t.acks.refuse(f.Seq, errors.New(f.Reason))
	}
	t.acks.moved(p.Cursor)
	t.status.change(func(s *Status) { s.Cursor = p.Cursor })
	return nil
}

// Run publishes events, and stores those of others, until ctx ends or the store is closed. It returns nil then. Whatever
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
	t.status.failed(connecting, err)
}

// errDisconnected is why a session ends whose connection was lost.
var errDisconnected = errors.New("the connection to the server was lost")

// session connects and works until the connection is lost, ctx ends, or the stream can't be
// used.
func (t *Team) session(ctx context.Context) error {
	return t.connect(ctx, func(ctx context.Context, c *connection) error {
		t.acks.begins()
		t.status.connected(c.server)
		return t.explainEnd(ctx, c, t.work(ctx, c))
	})
}

// explainTime bounds the question whether the stream is still there.
const explainTime = 2 * time.Second

// explainEnd returns why a session has ended: without the stream, calls fail with many different errors.
func (t *Team) explainEnd(ctx context.Context, c *connection, err error) error {
	if ctx.Err() != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, explainTime)
	defer cancel()
	if _, asked := c.js.Stream(ctx, t.o.Name); errors.Is(asked, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("the stream %s is gone: somebody has deleted it; the next receiver that connects makes it again", t.o.Name)
	}
	return err
}

// connect calls do with a connection. Its context ends when the connection is lost.
func (t *Team) connect(ctx context.Context, do func(context.Context, *connection) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	c := &connection{refusals: newRefusals()}
	nc, err := t.o.dial(
		ctx,
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { c.refusals.report(err) }),
		nats.ClosedHandler(func(nc *nats.Conn) { end(lost(nc.LastError())) }),
	)
	if err != nil {
		return err
	}
	defer nc.Close()
	c.server = nc.ConnectedUrlRedacted()
	if c.js, err = jetstream.New(nc, jetstream.WithPublishAsyncTimeout(t.o.patience), jetstream.WithDefaultTimeout(t.o.patience)); err != nil {
		return err
	}
	asking, asked := c.refusals.watch(ctx, apiSubject)
	defer asked()
	if c.stream, err = t.o.openStream(asking, c.js, t.like); err != nil {
		return err
	}
	t.like = &c.stream.CachedInfo().Config
	c.clock = serverClock{c.stream.CachedInfo().TimeStamp, t.o.clock(), t.o.clock}
	t.status.clock(t.ahead(c))
	if err := t.identify(ctx, c); err != nil {
		return err
	}
	return do(ctx, c)
}

// identify begins again if the stream is not the one of the last time: each member reads all of
// it, and gives it all of its own events. A stream that was restored from a backup is shorter than
// it was.
func (t *Team) identify(ctx context.Context, c *connection) error {
	i := c.stream.CachedInfo()
	known, err := t.o.Store.Stream(ctx, t.o.Name)
	if err != nil {
		return err
	}
	identity := identityOf(i)
	if known.Identity == identity && known.Place <= i.State.LastSeq {
		return nil
	}
	if known.Identity != "" {
		if err := t.o.findElsewhere(ctx, c.server, known.Identity); err != nil {
			return err
		}
		t.status.log.Warn("the team's stream is not the one of the last time: it is read from its beginning, and each receiver gives it again what it received", "created", identity)
	} else {
		known.Joined = c.clock.now().Add(t.born - t.o.clock()) // members have clocks of their own
	}
	known.Identity, known.Place = identity, 0
	t.joined.Store(known.Joined.UnixMicro())
	if t.o.FollowOnly {
		return t.o.Store.BeginStream(ctx, known, "")
	}
	t.acks.moved(0)
	t.status.change(func(s *Status) { s.Cursor = 0 })
	return t.o.Store.BeginStream(ctx, known, t.o.reader())
}

// findElsewhere returns an error if another one of the servers has the stream of the last time: then they are
// not one cluster.
func (o *Options) findElsewhere(ctx context.Context, here, identity string) error {
	if len(o.Servers) < 2 {
		return nil
	}
	for _, a := range o.askEach(ctx) {
		if a.identity == identity {
			return o.anotherStream(here, a.server)
		}
	}
	return nil
}

// ahead is how far the clock of this machine is ahead of that of the servers.
func (t *Team) ahead(c *connection) time.Duration { return t.o.now().Sub(c.clock.now()) }

// IsHistory reports whether an event is older than the membership: it came from another member,
// which had received it before the store began to follow the stream. Both times are those of the
// servers' clock, however the clocks of the members are set.
func (t *Team) IsHistory(e *receiver.Event) bool {
	return e.Origin != "" && e.Entered().Add(-t.clocks.ahead(e.Origin)).UnixMicro() < t.joined.Load()
}

// lost is why a session ends.
func lost(err error) error {
	if err == nil {
		return errDisconnected
	}
	return fmt.Errorf("%w (%s)", errDisconnected, brief(err))
}

// work publishes and follows until the connection is lost or ctx ends.
func (t *Team) work(ctx context.Context, c *connection) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var working sync.WaitGroup
	working.Go(func() { t.keepSharing(ctx, c) })
	working.Go(func() {
		end(t.repeat(ctx, c, following, func(ctx context.Context) error { return t.follow(ctx, c, 0) }))
	})
	if t.o.FollowOnly {
		working.Wait()
		return context.Cause(ctx)
	}
	publisher := &publisher{o: &t.o, by: t.by, acks: t.acks, status: t.status, ahead: func() time.Duration { return t.ahead(c) }}
	end(t.repeat(ctx, c, publishing, func(ctx context.Context) error {
		err := publisher.run(ctx, c.js)
		if ctx.Err() == nil || errors.As(err, new(*NotPermitted)) {
			t.acks.fails(err)
		}
		return err
	}))
	working.Wait()
	return context.Cause(ctx)
}

// follow follows the stream from the saved place on.
func (t *Team) follow(ctx context.Context, c *connection, last uint64) error {
	from, err := t.o.Store.Stream(ctx, t.o.Name)
	if err != nil {
		return err
	}
	f := &follower{o: &t.o, by: t.by, clocks: t.clocks, status: t.status, state: from}
	return f.follow(ctx, c, last)
}

// repeat does something again each time the server refuses it, since what is wrong may be mended. Any
// other error ends the connection.
func (t *Team) repeat(ctx context.Context, c *connection, what activity, do func(context.Context) error) error {
	for failures := 1; ; failures++ {
		began := time.Now()
		allowed, end := c.refusals.watch(ctx, what.subjects())
		err := because(allowed, do(allowed))
		end()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !errors.As(err, new(*NotPermitted)) && !errors.As(err, new(*Full)) && !errors.As(err, new(*Newer)) {
			return err
		}
		t.status.failed(what, err)
		if time.Since(began) >= steady {
			failures = 1
		}
		if !retry.Sleep(ctx, retry.Jitter(retry.Backoff(failures, time.Second, 30*time.Second))) {
			return context.Cause(ctx)
		}
	}
}

// CatchUp stores what the stream has now, and publishes nothing.
func (t *Team) CatchUp(ctx context.Context) error {
	return t.connect(ctx, func(ctx context.Context, c *connection) error {
		last := c.stream.CachedInfo().State.LastSeq
		if last == 0 {
			return nil
		}
		reading, end := c.refusals.watch(ctx, following.subjects())
		defer end()
		return because(reading, t.follow(reading, c, last))
	})
}
