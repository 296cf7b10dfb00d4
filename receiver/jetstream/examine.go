package jetstream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Findings are what a member can find out about the servers and the stream.
type Findings struct {
	// Server is the server that answered, Version its version.
	Server, Version string
	// Missing: there is no stream yet.
	Missing  bool
	Messages uint64
	Bytes    uint64
	// Replicas is how many servers keep the stream. Keep is how long it keeps a message, and
	// MaxBytes how many bytes; 0 and less: no limit.
	Replicas int
	Keep     time.Duration
	MaxBytes int64
}

// Examine looks at the servers and the stream. It changes nothing, and makes no stream.
func Examine(ctx context.Context, o Options) (found Findings, err error) {
	o = o.withDefaults()
	refusals := newRefusals()
	nc, err := o.dial(ctx, nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refusals.report(err) }))
	if err != nil {
		return found, err
	}
	defer nc.Close()
	found.Server, found.Version = nc.ConnectedUrlRedacted(), nc.ConnectedServerVersion()
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(o.patience))
	if err != nil {
		return found, err
	}
	asking, asked := refusals.watch(ctx, apiSubject)
	defer asked()
	s, err := js.Stream(asking, o.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		found.Missing = true
		return found, nil
	}
	if err != nil {
		return found, because(asking, o.explainStream(asking, js, err))
	}
	info := s.CachedInfo()
	found.Messages, found.Bytes = info.State.Msgs, info.State.Bytes
	found.Replicas, found.Keep, found.MaxBytes = info.Config.Replicas, info.Config.MaxAge, info.Config.MaxBytes
	return found, o.check(info.Config)
}

// check returns an error if a stream is not as it should be, which says what differs.
func (o *Options) check(have jetstream.StreamConfig) error {
	differ := differences(o.config(), have, o)
	switch {
	case !hasSubjects(have):
		return fmt.Errorf("the stream %s is of another program: its subjects are %s: choose another --stream-name", o.Name, strings.Join(have.Subjects, ", "))
	case len(differ) > 0:
		return fmt.Errorf("the stream %s is configured otherwise: %s: change it with the program nats, or choose another --stream-name", o.Name, strings.Join(differ, "; "))
	default:
		return nil
	}
}
