package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// Duty is work that one member of a team does at a time, such as forwarding to a target.
type Duty struct {
	// Name is the same on all members that have the duty. It has no secret in it.
	Name string
	// Before returns what the own store was done with by itself, in its own numbers. It is asked
	// when the team begins the duty.
	Before func(ctx context.Context) (receiver.Checkpoint, error)
	// Reached is told now and then up to which event of the own store the team is done. Nil: nobody
	// needs to know.
	Reached func(ctx context.Context, seq int64) error
	// Do does the duty until ctx ends. All that it has begun has ended when it returns.
	Do func(ctx context.Context, t *Turn) error
}

// DutyStatus is the state of a duty.
type DutyStatus struct {
	Name string
	// Here: this member does it. Member is who does it, as far as is known, or "".
	Here   bool
	Member string
	// Failing is since when this member can't do it when it is its turn, zero if it can. Err says
	// why.
	Failing time.Time
	Err     string
	// Cursor is the last message of the stream up to which all is done, Ahead how many later ones
	// are. Behind is how many are not.
	Cursor, Ahead, Behind int64
	// Told is the last event of the own store up to which the team is done, as far as is known.
	Told int64
}

// Shared is a duty of a team, as a member knows it.
type Shared struct {
	duty Duty
	team *Team
	log  *slog.Logger

	unsaved *unsaved // used by one turn at a time
	last    place    // the one that was read or written last
	rival   rival
	mark    mark

	mu     sync.Mutex
	status DutyStatus
	stream string // the identity of the stream that status.Told is about
	// The team was done with the events of the own store up to earlier when it had another stream.
	earlier int64
}

// unsaved is a place that could not be saved, and the revision that it was to replace.
type unsaved struct {
	place    place
	revision uint64
}

// mark is an event of the own store, and the last message of the stream when the stream had it.
type mark struct {
	seq  int64
	last uint64
}

// Share adds a duty. Call it before Run.
func (t *Team) Share(d Duty) *Shared {
	s := &Shared{duty: d, team: t, log: t.status.log.With("duty", d.Name), status: DutyStatus{Name: d.Name}}
	t.duties = append(t.duties, s)
	return s
}

// Duties returns the state of all duties that were added.
func (t *Team) Duties() (all []DutyStatus) {
	for _, s := range t.duties {
		all = append(all, s.Status())
	}
	return all
}

// Status returns the state of the duty.
func (s *Shared) Status() DutyStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

func (s *Shared) change(how func(*DutyStatus)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how(&s.status)
}

// reached notes how far the duty is.
func (s *Shared) reached(member string, p receiver.Checkpoint, last uint64) {
	s.change(func(d *DutyStatus) {
		d.Member, d.Cursor, d.Ahead = member, p.Cursor, p.Ahead()
		d.Behind = max(0, int64(last)-d.Cursor-d.Ahead)
	})
}

// run does the duty whenever it is this member's turn, until ctx ends. It returns an error that ends
// the connection, or a refusal.
func (s *Shared) run(ctx context.Context, c *connection, b *buckets) error {
	value, err := json.Marshal(map[string]string{"duty": s.duty.Name, "member": s.team.o.Member, "run": s.team.by.run})
	if err != nil {
		return err
	}
	s.begins(identityOf(c.stream.CachedInfo()))
	for ctx.Err() == nil {
		if !s.team.status.caughtUp() {
			retry.Sleep(ctx, b.lasts/50) // the events of the turn would come into the store before the older ones
			continue
		}
		l, err := take(ctx, b, leaseKey+keyOf(s.duty.Name), value, s.team.o.clock, &s.rival)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			return err
		default:
			s.team.status.works(sharing)
			err = s.takePart(ctx, c, b, l)
		}
		if errors.Is(err, errGone) && ctx.Err() == nil {
			return err // it is made again
		}
		wait := b.lasts / 10
		if err != nil && ctx.Err() == nil {
			s.fails(err)
			wait = b.lasts * 2 // others may be able to
		}
		retry.Sleep(ctx, retry.Jitter(wait))
	}
	return context.Cause(ctx)
}

// leaseKey begins the keys of leases.
const leaseKey = "lease."

// takePart does the duty if this member has the lease; otherwise it looks how far another member is.
func (s *Shared) takePart(ctx context.Context, c *connection, b *buckets, l *lease) error {
	if l == nil {
		return s.look(ctx, c, b)
	}
	return s.turn(ctx, c, b, l)
}

// fails notes why this member can't do the duty.
func (s *Shared) fails(err error) {
	text := err.Error()
	before := s.Status().Err
	s.change(func(d *DutyStatus) {
		if d.Err = text; d.Failing.IsZero() {
			d.Failing = time.Now()
		}
	})
	if before != text {
		s.log.Warn("this member does not forward now", "error", text)
	}
}

// look finds out how far another member is.
func (s *Shared) look(ctx context.Context, c *connection, b *buckets) error {
	p := &places{bucket: b.places, key: keyOf(s.duty.Name)}
	known, err := p.read(ctx, identityOf(c.stream.CachedInfo()))
	if err != nil || !known {
		return err
	}
	s.last = p.now
	checkpoint, err := p.now.checkpoint()
	if err != nil {
		return err
	}
	status := s.team.Status()
	s.reached(p.now.Member, checkpoint, status.Place+status.Behind)
	s.change(func(d *DutyStatus) { d.Failing, d.Err = time.Time{}, "" })
	return s.tell(ctx, c, checkpoint.Cursor)
}

// tell tells the own store what the team is done with: the events that the stream had at the last
// mark, if the team is beyond it.
func (s *Shared) tell(ctx context.Context, c *connection, cursor int64) error {
	if uint64(cursor) < s.mark.last {
		return nil
	}
	if s.mark.seq > 0 {
		if err := s.reaches(ctx, s.mark.seq); err != nil {
			return err
		}
	}
	published := s.team.Status().Cursor
	if published == s.mark.seq {
		return nil
	}
	info, err := c.stream.Info(ctx)
	if err != nil {
		return s.team.o.explainRead(err)
	}
	s.mark = mark{published, info.State.LastSeq}
	return nil
}

func (s *Shared) reaches(ctx context.Context, seq int64) error {
	if s.duty.Reached != nil {
		if err := s.duty.Reached(ctx, seq); err != nil {
			return err
		}
	}
	s.change(func(d *DutyStatus) { d.Told = seq })
	return nil
}

// begins notes which stream the duty is about from now on.
func (s *Shared) begins(stream string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stream != stream {
		s.stream, s.earlier, s.mark = stream, max(s.earlier, s.status.Told), mark{}
	}
}

// wasDone reports whether the team was done with an event of the own store when it had another stream.
func (s *Shared) wasDone(seq int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return seq <= s.earlier
}

// turn does the duty while the lease lasts.
func (s *Shared) turn(ctx context.Context, c *connection, b *buckets, l *lease) error {
	turning, end := context.WithCancelCause(ctx)
	defer end(nil)
	t := &Turn{
		team: s.team, name: s.duty.Name, stream: identityOf(c.stream.CachedInfo()), era: b.era, lease: l, fail: end, shared: s,
		feed: newFeed(s.team, c, end), places: &places{bucket: b.places, key: keyOf(s.duty.Name)},
	}
	var beside sync.WaitGroup
	beside.Go(func() { end(l.keep(turning)) })
	err := t.begin(turning)
	if err == nil {
		beside.Go(func() { s.tellAll(turning, c, b.lasts/10) })
		err = s.do(turning, t)
	}
	why := context.Cause(turning)
	end(nil)
	beside.Wait()
	t.feed.close()
	s.change(func(d *DutyStatus) { d.Here = false })
	if !errors.Is(why, errGone) { // else this member knows best where to go on
		s.giveBack(ctx, l)
	}
	if why == nil {
		why = err
	}
	if ctx.Err() != nil || errors.Is(why, receiver.ErrTakenOver) || errors.Is(why, errLate) {
		s.stopped(ctx, why)
		return nil
	}
	return why
}

func (s *Shared) do(ctx context.Context, t *Turn) error {
	s.change(func(d *DutyStatus) { d.Here, d.Member, d.Failing, d.Err = true, s.team.o.Member, time.Time{}, "" })
	s.log.Info("this member forwards for the team")
	return s.duty.Do(ctx, t)
}

// releaseTime bounds giving a lease back at the end.
const releaseTime = 2 * time.Second

func (s *Shared) giveBack(ctx context.Context, l *lease) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	l.release(ctx)
}

// stopped says that the turn is over although nobody has asked for that.
func (s *Shared) stopped(ctx context.Context, why error) {
	if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) {
		return // the program ends
	} else if cause != nil {
		why = cause
	}
	s.log.Warn("this member has stopped forwarding; another one goes on if there is one", "reason", why)
}

// tellAll tells the own store how far the team is, while this member does the duty.
func (s *Shared) tellAll(ctx context.Context, c *connection, every time.Duration) {
	for retry.Sleep(ctx, every) {
		if err := s.tell(ctx, c, s.Status().Cursor); err != nil && ctx.Err() == nil {
			s.log.Error("can't save how far the team is", "error", fmt.Sprint(err))
		}
	}
}
