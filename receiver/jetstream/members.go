package jetstream

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// Role is what a member does in its team.
type Role string

// The roles.
const (
	RoleReceiver Role = "receiver" // it takes deliveries
	RoleMember   Role = "member"   // it reads, and may forward
	RoleViewer   Role = "viewer"   // it only reads
)

// Member is a member of a team, as the others know it. Its texts come from outside.
type Member struct {
	Name    string `json:"name"`
	Role    Role   `json:"role"`
	Version string `json:"version,omitempty"`
	// Unread is how many messages of the stream it has not read, Behind how many of its events the
	// stream does not have.
	Unread int64 `json:"unread"`
	Behind int64 `json:"behind"`
	// Duties are those that it does now.
	Duties []string `json:"duties,omitempty"`
	// Started is when it began, by its own clock.
	Started time.Time `json:"started"`

	// Self: it is this one.
	Self bool `json:"-"`
}

// memberKey begins the keys of members. The run of the program follows.
const memberKey = "member."

// appear shows this member to the others until ctx ends. Nobody waits for an answer.
func (t *Team) appear(ctx context.Context, c *connection, b *buckets) {
	subject := bucketSubject + b.team.Bucket() + "." + memberKey + t.by.run
	for {
		text, err := json.Marshal(t.self(ctx))
		if err == nil {
			_ = c.js.Conn().Publish(subject, text) // whatever is wrong ends the connection, or is permission
		}
		if !retry.Sleep(ctx, b.lasts/3) {
			break
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	if c.js.Conn().IsConnected() && t.crew.knows(t.by.run) {
		_ = b.team.Delete(ctx, memberKey+t.by.run) // it goes away by itself, too
	}
}

// self is this member.
func (t *Team) self(ctx context.Context) Member {
	s := t.Status()
	m := Member{Name: t.o.Member, Role: RoleMember, Version: t.o.Version, Unread: int64(s.Behind), Started: t.began}
	if counts, err := t.o.Store.Counts(ctx); err == nil && !t.o.FollowOnly {
		m.Behind = max(0, counts.LastSeq-s.Cursor)
	}
	switch {
	case t.o.FollowOnly:
		m.Role = RoleViewer
	case t.o.Receives, s.Published > 0, s.Known > 0:
		m.Role = RoleReceiver
	}
	for _, d := range t.Duties() {
		if d.Here {
			m.Duties = append(m.Duties, d.Name)
		}
	}
	return m
}

// Members returns the members of the team that are connected to it, by name. It has none while this one is not.
func (t *Team) Members() []Member { return t.crew.list() }

// crew knows the members of a team. It is safe for concurrent use.
type crew struct {
	run   string
	clock func() time.Duration
	log   *slog.Logger

	mu     sync.Mutex
	lasts  time.Duration
	seen   map[string]sighting // by run
	warned bool
}

// sighting is a member and when it was last seen.
type sighting struct {
	member Member
	at     time.Duration
	times  int
}

func newCrew(run string, clock func() time.Duration, log *slog.Logger) *crew {
	return &crew{run: run, clock: clock, log: log, seen: map[string]sighting{}}
}

// follow follows the entries of members until ctx ends.
func (c *crew) follow(ctx context.Context, conn *connection, b *buckets) error {
	c.reset(b.lasts)
	subject := bucketSubject + b.team.Bucket() + "." + memberKey
	consumer, err := conn.js.OrderedConsumer(ctx, bucketStream+b.team.Bucket(), jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{subject + ">"}, DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy,
	})
	const looking = "look who is in the team"
	if err != nil {
		return bucketError(looking, err)
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	reading, err := consumer.Consume(
		func(m jetstream.Msg) { c.saw(strings.TrimPrefix(m.Subject(), subject), m) },
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) { end(bucketError(looking, err)) }),
	)
	if err != nil {
		return bucketError(looking, err)
	}
	<-ctx.Done()
	reading.Stop()
	<-reading.Closed()
	return context.Cause(ctx)
}

func (c *crew) reset(lasts time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lasts = lasts
	clear(c.seen)
}

// Entries come from outside: these bound how many are known, and how long one may be.
const (
	mostMembers   = 1000
	longestMember = 8 << 10
)

// saw notes an entry.
func (c *crew) saw(run string, m jetstream.Msg) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock()
	maps.DeleteFunc(c.seen, func(_ string, s sighting) bool { return now-s.at >= c.lasts })
	var found Member
	if len(m.Data()) == 0 || len(m.Data()) > longestMember || json.Unmarshal(m.Data(), &found) != nil {
		delete(c.seen, run)
		return
	}
	if _, known := c.seen[run]; !known && run != c.run && len(c.seen) >= mostMembers {
		return
	}
	found.Name = nameOf(found.Name)
	found.Self = run == c.run
	c.seen[run] = sighting{found, now, c.seen[run].times + 1}
	if !c.warned && c.hasNamesake() {
		c.warned = true
		c.log.Warn("two members of the team have this name: give each its own by --stream-member", "member", c.seen[c.run].member.Name)
	}
}

// hasNamesake reports whether another member has the name of this one. An earlier run of this one
// may still be there, but does not come again.
func (c *crew) hasNamesake() bool {
	const often = 4
	self, ok := c.seen[c.run]
	for run, s := range c.seen {
		if ok && run != c.run && s.member.Name == self.member.Name && s.times >= often && self.times >= often {
			return true
		}
	}
	return false
}

func (c *crew) knows(run string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.seen[run]
	return ok
}

// list returns the members that were seen lately.
func (c *crew) list() (all []Member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.seen {
		if c.clock()-s.at < c.lasts {
			all = append(all, s.member)
		}
	}
	slices.SortFunc(all, func(a, b Member) int {
		if by := strings.Compare(a.Name, b.Name); by != 0 {
			return by
		}
		return a.Started.Compare(b.Started)
	})
	return all
}
