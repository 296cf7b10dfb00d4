package dashboard

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/frame"
)

// elsewhere is the receiver of another process, as a viewer knows it. The receiver may end and
// start again, at another address and with other targets. It is safe for concurrent use.
type elsewhere struct {
	config  *config.Config
	log     *sqlite.Log
	asked   *control.Client // what the receiver itself says
	now     atomic.Pointer[place]
	gone    atomic.Pointer[error] // why nothing comes in
	targets atomic.Pointer[[]forwarding.Target]
	// canReceive reports whether this process can receive in place of the other one; generated says
	// that the other one had the generated secret. Nil: it can't. takesOver says, when follow has
	// ended, that this process is to receive now.
	canReceive func(generated bool) bool
	takesOver  bool
	seen       time.Time // when the receiver was there for the last time
}

// place is where a receiver is.
type place struct {
	store.Holder
	leadsTo func(url string) bool
}

func newElsewhere(c *config.Config, log *sqlite.Log, first store.Holder) *elsewhere {
	r := &elsewhere{config: c, log: log, asked: control.NewClient(c.Store)}
	r.gone.Store(new(error))
	r.move(first)
	var known []forwarding.Target
	targets, _ := daemon.Targets(c, nil) // the receiver reports errors
	for _, t := range targets {
		known = append(known, forwarding.Target{Name: t.Name(), Elsewhere: true})
	}
	r.targets.Store(&known)
	return r
}

func (r *elsewhere) move(h store.Holder) {
	r.now.Store(&place{h, config.PointsHere(r.config, h.Address)})
}

// status is the receiver's newest status.
func (r *elsewhere) status() frame.ReceiverStatus {
	return frame.ReceiverStatus{Err: *r.gone.Load(), Address: r.now.Load().Address}
}

// pointsHere reports whether a webhook's URL leads to the receiver.
func (r *elsewhere) pointsHere(url string) bool { return r.now.Load().leadsTo(url) }

func (r *elsewhere) webhookURL() string { return config.WebhookURL(r.config, r.now.Load().Address) }

const (
	// lookEvery is how often a viewer looks whether the receiver still runs, and where.
	lookEvery = time.Second
	// comesBack is how long a receiver may be gone before another process takes over, so that it can
	// be restarted.
	comesBack = 5 * time.Second
	// readersEvery is after how many looks the viewer also reads the targets.
	readersEvery = 5
)

// follow follows the receiver until ctx ends: it has ended, runs again, or has another address. It also
// ends when this process is to take over.
func (r *elsewhere) follow(ctx context.Context) {
	r.seen = time.Now()
	r.readTargets(ctx)
	for looks := 1; retry.Sleep(ctx, lookEvery); looks++ {
		same, err := r.look(time.Now())
		r.gone.Store(&err)
		if r.takesOver {
			return
		}
		if looks%readersEvery == 0 || !same {
			r.readTargets(ctx)
		}
	}
}

// look looks for the receiver. same says that it runs where it was. The error says that it has ended, or
// that this can't be found out.
func (r *elsewhere) look(now time.Time) (same bool, err error) {
	known := r.now.Load().Holder
	holder, err := store.HeldBy(r.config.Store)
	switch {
	case err != nil:
		r.seen = now // perhaps it runs
		return false, fmt.Errorf("look for the receiver: %w", err)
	case holder == nil:
		r.takesOver = r.mayReceive(known) && now.Sub(r.seen) >= comesBack
		return false, r.ended(known)
	}
	r.seen = now
	if same = *holder == known; !same {
		r.move(*holder)
	}
	return same, nil
}

// mayReceive reports whether this process takes over if a receiver does not come back.
func (r *elsewhere) mayReceive(known store.Holder) bool {
	return r.canReceive != nil && r.canReceive(known.Generated)
}

// ended says that a receiver has ended, and what to do.
func (r *elsewhere) ended(known store.Holder) error {
	if r.mayReceive(known) {
		return fmt.Errorf("process %d is gone; unless it comes back, this one receives in %d seconds", known.PID, int(comesBack.Seconds()))
	}
	return fmt.Errorf("restart up42hooks (process %d is gone)", known.PID)
}

// readTargets reads the names of the targets from the store: a receiver has a checkpoint there
// for each. If the store has none, or can't be read, what is known stays.
func (r *elsewhere) readTargets(ctx context.Context) {
	info, err := r.log.Info(ctx)
	if err != nil || len(info.Readers) == 0 {
		return
	}
	targets := make([]forwarding.Target, 0, len(info.Readers))
	for _, reader := range info.Readers {
		if jetstream.IsReader(reader.Name) {
			continue
		}
		targets = append(targets, forwarding.Target{
			Name: reader.Name, Lag: max(0, info.LastSeq-reader.Cursor-reader.Ahead()), GivenUp: reader.Failures, Elsewhere: true,
		})
	}
	r.targets.Store(&targets)
}
