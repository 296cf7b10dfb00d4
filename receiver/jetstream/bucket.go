package jetstream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// leaseTime is how long a lease and the entry of a member last without being renewed. Buckets that
// somebody else has made may have another time, within limits.
const (
	leaseTime     = 10 * time.Second
	shortestLease = 500 * time.Millisecond
	longestLease  = time.Minute
)

// buckets are where a team keeps what is no event. The entries of team go away by themselves when
// nobody renews them: leases, and members. Those of places stay.
type buckets struct {
	team, places jetstream.KeyValue
	lasts        time.Duration    // how long an entry of team lasts
	era          string           // tells this bucket from others that had its name
	made         time.Time        // when it was made, by the servers' clock
	age          time.Duration    // how old it was when it was opened
	free         time.Duration    // a lease that has no entry may be taken from then on, by the own clock
	now          func() time.Time // by the servers' clock
}

// openBuckets finds the buckets, or makes them with as many replicas as the stream has.
func (o *Options) openBuckets(ctx context.Context, js jetstream.JetStream, replicas int) (*buckets, error) {
	team, info, err := o.openBucket(ctx, js, o.Name+"-team", leaseTime, replicas)
	if err != nil {
		return nil, err
	}
	b := &buckets{team: team, lasts: info.Config.MaxAge, era: info.Created.UTC().Format(time.RFC3339Nano), made: info.Created}
	if !info.TimeStamp.IsZero() {
		b.age = info.TimeStamp.Sub(info.Created)
	}
	if b.lasts < shortestLease || b.lasts > longestLease {
		return nil, fmt.Errorf("the bucket %s-team is configured otherwise: max_age is %v instead of %v: change it with the program nats, or delete it", o.Name, b.lasts, leaseTime)
	}
	places, info, err := o.openBucket(ctx, js, o.Name+"-places", 0, replicas)
	if err != nil {
		return nil, err
	}
	if info.Config.MaxAge > 0 {
		return nil, fmt.Errorf("the bucket %s-places is configured otherwise: max_age is %v instead of 0: change it with the program nats, or delete it", o.Name, info.Config.MaxAge)
	}
	b.places = places
	return b, nil
}

// errNoBucket is the error of a bucket that nobody has made yet.
var errNoBucket = errors.New("there is no bucket yet")

func (o *Options) openBucket(ctx context.Context, js jetstream.JetStream, name string, ttl time.Duration, replicas int) (jetstream.KeyValue, *jetstream.StreamInfo, error) {
	s, err := js.Stream(ctx, bucketStream+name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if o.looksOnly || o.FollowOnly {
			return nil, nil, errNoBucket
		}
		if s, err = js.CreateStream(ctx, bucketConfig(name, ttl, replicas)); errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			s, err = js.Stream(ctx, bucketStream+name) // another member was faster
		}
	}
	if err != nil {
		return nil, nil, o.explainBucket(name, err)
	}
	if c := s.CachedInfo().Config; !slices.Equal(c.Subjects, []string{bucketSubject + name + ".>"}) || c.Sealed {
		return nil, nil, fmt.Errorf("%s is of another program: its subjects are %s: delete it, or choose another --stream-name", c.Name, strings.Join(c.Subjects, ", "))
	}
	kv, err := js.KeyValue(ctx, name)
	if err != nil {
		return nil, nil, o.explainBucket(name, err)
	}
	return kv, s.CachedInfo(), nil
}

// bucketStream begins the name of the stream that a bucket is.
const bucketStream = "KV_"

// bucketConfig is that of a bucket which is made.
func bucketConfig(name string, ttl time.Duration, replicas int) jetstream.StreamConfig {
	c := jetstream.StreamConfig{
		Name: bucketStream + name, Description: "what the members of a team agree on, written by up42hooks", Subjects: []string{bucketSubject + name + ".>"},
		Storage: jetstream.FileStorage, Replicas: max(1, replicas), MaxAge: ttl, MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew,
		AllowRollup: true, DenyDelete: true, AllowDirect: true, Duplicates: duplicates,
	}
	if ttl > 0 {
		c.Duplicates = min(ttl, duplicates)
	}
	return c
}

// errGone is the error of a bucket for which nobody answers.
var errGone = errors.New("nobody answers for the bucket: it was deleted, or too few servers run")

// bucketError says what could not be done with a bucket.
func bucketError(doing string, err error) error {
	for _, gone := range []error{nats.ErrNoResponders, jetstream.ErrNoStreamResponse, jetstream.ErrStreamNotFound, jetstream.ErrConsumerDeleted} {
		if errors.Is(err, gone) {
			return fmt.Errorf("%s: %w", doing, errGone)
		}
	}
	return fmt.Errorf("%s: %s", doing, brief(err))
}

func (o *Options) explainBucket(name string, err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the server does not answer for the bucket %s in time: look at the servers", name)
	case errors.Is(err, jetstream.ErrBadBucket):
		return fmt.Errorf("%s is no bucket, but another stream: delete it, or choose another --stream-name", name)
	default:
		return fmt.Errorf("the bucket %s can't be used: %s", name, brief(err))
	}
}

// bucketSubject begins the subjects of what buckets keep.
const bucketSubject = "$KV."
