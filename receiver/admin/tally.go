package admin

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/limit"
)

// Tally counts rejections and limits that acted, and measures how long the store takes, from its creation on. It is
// safe for concurrent use.
type Tally struct {
	rejected   *metrics.Set
	rejections atomic.Int64 // of any reason
	limits     map[limit.Limit]*atomic.Uint64
	times      *metrics.Set
	store      *metrics.PrometheusHistogram
}

// storeBounds are the bounds of the histogram of the store, in seconds.
var storeBounds = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10}

// NewTally makes a Tally.
func NewTally() *Tally {
	t := &Tally{rejected: metrics.NewSet(), limits: map[limit.Limit]*atomic.Uint64{}, times: metrics.NewSet()}
	for _, l := range limit.Limits() {
		t.limits[l] = new(atomic.Uint64)
	}
	t.store = t.times.NewPrometheusHistogramExt("up42hooks_store_seconds", storeBounds)
	return t
}

// Rejected counts a rejection. It fits receiver.HandlerOptions.OnRejected.
func (t *Tally) Rejected(r receiver.Reason) {
	t.rejections.Add(1)
	t.rejected.GetOrCreateCounter(series("up42hooks_rejections_total", "reason", string(r))).Inc()
}

// Rejections is how many rejections were counted.
func (t *Tally) Rejections() int64 { return t.rejections.Load() }

// Limited counts a limit that has acted. It fits receiver.HandlerOptions.OnLimit.
func (t *Tally) Limited(l limit.Limit) {
	if n := t.limits[l]; n != nil {
		n.Add(1)
	}
}

func (t *Tally) write(w io.Writer) {
	WriteFamily(w, "up42hooks_rejections_total")
	t.rejected.WritePrometheus(w)
	WriteFamily(w, "up42hooks_limits_total")
	for _, l := range limit.Limits() {
		metrics.WriteCounterUint64(w, series("up42hooks_limits_total", "limit", string(l)), t.limits[l].Load())
	}
	WriteFamily(w, "up42hooks_store_seconds")
	t.times.WritePrometheus(w)
}

// Time returns a log that measures how long Append of l takes.
func (t *Tally) Time(l receiver.Log) receiver.Log { return &timed{l, t.store} }

type timed struct {
	receiver.Log
	took *metrics.PrometheusHistogram
}

func (l *timed) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	began := time.Now()
	receipt, err := l.Log.Append(ctx, e)
	if err == nil {
		l.took.UpdateDuration(began)
	}
	return receipt, err
}

// Places implements receiver.Placer, for the dump.
func (l *timed) Places(ctx context.Context, after int64) ([]receiver.Place, error) {
	return receiver.Places(ctx, l.Log, after)
}
