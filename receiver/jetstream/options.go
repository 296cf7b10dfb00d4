package jetstream

import (
	"context"
	"log/slog"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/boottime"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
)

// DefaultName is the default of Options.Name.
const DefaultName = "UP42"

// Store is the store of a member. A *sqlite.Log is one.
type Store interface {
	receiver.Reader
	receiver.Checkpoints
	// Stream returns how far a stream was followed. BeginStream notes that a stream is another
	// one than before, and puts the checkpoint of a reader, if it is not "", back to the first
	// event.
	Stream(ctx context.Context, name string) (streams.State, error)
	BeginStream(ctx context.Context, s streams.State, reader string) error
	// AppendStream stores events of others, and how far the stream is followed then, at once.
	AppendStream(ctx context.Context, s streams.State, events ...*receiver.Event) ([]receiver.Receipt, error)
	// AppendAll stores events of others. A receipt of one that is stored already says where.
	AppendAll(ctx context.Context, events []*receiver.Event) ([]receiver.Receipt, error)
}

// Options configure a Team. Servers and Store are required.
type Options struct {
	// Servers are the URLs of the servers, nats:// or tls://. One of them is enough if they
	// are a cluster. They have no passwords.
	Servers []string
	Access  Access
	// Name is the name of the stream; "" is DefaultName.
	Name string
	// Replicas is how many servers keep the stream, Keep how long it keeps a message. They are
	// for a stream that is made. If they are not 0, another stream must be so as well.
	Replicas int
	Keep     time.Duration
	// Member is the name of this member of the team.
	Member string
	// Workspace is the second part of the subjects; it may be "". It must be the same for all
	// receivers of a team.
	Workspace string
	Store     Store
	// Accept reports whether an event may be published. Nil accepts all.
	Accept func(*receiver.Event) bool
	// Done returns the names of the duties for which this store was done with an event before the
	// team had it: no other member does them for it again. Nil: it was done with nothing.
	Done func(seq int64) []string
	// FollowOnly is for a member that publishes nothing: it takes part for a moment, and the
	// store keeps no events for the stream.
	FollowOnly bool
	// Receives: deliveries of UP42 are meant to come to this member. Another one counts as a
	// receiver when it has published an event.
	Receives bool
	// Version is that of the program.
	Version string
	// Logger may be nil.
	Logger *slog.Logger

	// patience is how long an answer of a server may take.
	patience time.Duration
	// looksOnly: nothing is made that is missing.
	looksOnly bool
	// clock measures how long a lease lasts.
	clock func() time.Duration
	now   func() time.Time
	// sleep waits between two pages that are published.
	sleep func(ctx context.Context, d time.Duration) bool
}

// Access is how to sign in to the servers. All of it may be empty. The files are read at each
// connection.
type Access struct {
	// Creds is a file with a JWT and its key, NKey a file with the seed of an nkey, Login a
	// file with USER:PASS.
	Creds, NKey, Login string
	// CA is a file with the certificates that sign those of the servers. Cert and Key are the
	// files of the own certificate.
	CA, Cert, Key string
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = DefaultName
	}
	if o.Accept == nil {
		o.Accept = func(*receiver.Event) bool { return true }
	}
	if o.Done == nil {
		o.Done = func(int64) []string { return nil }
	}
	if o.clock == nil {
		o.clock = boottime.NewClock(time.Now, nil).Elapsed
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.now == nil {
		o.now = time.Now
	}
	if o.sleep == nil {
		o.sleep = retry.Sleep
	}
	if o.patience == 0 {
		o.patience = 5 * time.Second
	}
	return o
}
