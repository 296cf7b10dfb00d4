package admin

import (
	"context"
	"io"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Options configure a handler. Only Log is required.
type Options struct {
	Log receiver.Reader
	// Ready returns why the receiver can't accept deliveries, nil if it can.
	Ready func() error
	// Connections returns how many connections senders have, BodyMemory how many bytes of
	// their large bodies are being read. MemoryLimit is the most memory that they can make
	// the receiver use.
	Connections func() int
	BodyMemory  func() int64
	MemoryLimit int64
	// StoreBytes returns the size of the store on disk.
	StoreBytes func() int64
	// Tally has counts and times since the start.
	Tally *Tally
	// Team returns a line about the receiver as a member of a team, "" without a team. May be nil.
	Team func() string
	// More writes further metrics in the format of Prometheus.
	More func(io.Writer)
	// Version is the version of the program.
	Version string
}

// readTimeout bounds how long an answer waits for the store.
const readTimeout = 5 * time.Second

// ready returns why the receiver can't accept deliveries. A store that can't be read is a
// reason too.
func (o *Options) ready(ctx context.Context) error {
	if o.Ready != nil {
		if err := o.Ready(); err != nil {
			return err
		}
	}
	_, err := o.counts(ctx)
	return err
}

func (o *Options) counts(ctx context.Context) (receiver.Counts, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	return o.Log.Counts(ctx)
}
