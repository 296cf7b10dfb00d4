package admin

import (
	"context"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/receiver"
)

// Tally counts and times what happens from its making on. It is safe for
// concurrent use.
type Tally struct {
	set   *metrics.Set
	store *metrics.Histogram
}

// NewTally makes a Tally.
func NewTally() *Tally {
	set := metrics.NewSet()
	return &Tally{set: set, store: set.NewHistogram("up42hooks_store_seconds")}
}

// Rejected counts a rejection; it is a receiver.HandlerOptions.Rejected.
func (t *Tally) Rejected(r receiver.Reason) {
	t.set.GetOrCreateCounter(series("up42hooks_rejections_total", "reason", string(r))).Inc()
}

// Time returns a log that times how long storing a delivery takes.
func (t *Tally) Time(l receiver.Log) receiver.Log { return &timed{l, t.store} }

type timed struct {
	receiver.Log
	took *metrics.Histogram
}

func (l *timed) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	began := time.Now()
	receipt, err := l.Log.Append(ctx, e)
	if err == nil {
		l.took.UpdateDuration(began)
	}
	return receipt, err
}
