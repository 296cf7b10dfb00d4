package admin

import (
	"context"
	"io"
	"strconv"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/receiver"
)

// write writes all metrics. Where the store can't be read its numbers are left
// out: a zero would look like a loss.
func (o *Options) write(ctx context.Context, w io.Writer) {
	metrics.WriteGaugeUint64(w, series("up42hooks_build_info", "version", o.Version), 1)
	ready := uint64(1)
	if o.ready(ctx) != nil {
		ready = 0
	}
	metrics.WriteGaugeUint64(w, "up42hooks_ready", ready)
	if c, err := o.counts(ctx); err == nil {
		writeCounts(w, c)
	}
	if o.Strays != nil {
		metrics.WriteCounterUint64(w, "up42hooks_strays_total", uint64(o.Strays()))
	}
	if o.StoreBytes != nil {
		metrics.WriteGaugeUint64(w, "up42hooks_store_bytes", uint64(o.StoreBytes()))
	}
	if o.Tally != nil {
		o.Tally.set.WritePrometheus(w)
	}
	if o.More != nil {
		o.More(w)
	}
	metrics.WriteProcessMetrics(w)
}

// writeCounts writes what the store counts; these numbers outlive the process.
func writeCounts(w io.Writer, c receiver.Counts) {
	for _, n := range []struct {
		verdict string
		count   int64
	}{
		{string(receiver.Verified), c.Verified},
		{string(receiver.Trusted), c.Trusted},
		{string(receiver.Partial), c.Partial},
		{string(receiver.Unsigned), c.Unsigned},
		{string(receiver.Rejected), c.Rejected},
	} {
		metrics.WriteCounterUint64(w, series("up42hooks_deliveries_total", "verdict", n.verdict), uint64(n.count))
	}
	metrics.WriteCounterUint64(w, "up42hooks_duplicates_total", uint64(c.Duplicates))
	metrics.WriteGaugeUint64(w, series("up42hooks_rows", "kind", string(receiver.Order)), uint64(c.Orders))
	metrics.WriteGaugeUint64(w, series("up42hooks_rows", "kind", string(receiver.Job)), uint64(c.Jobs))
	metrics.WriteGaugeUint64(w, "up42hooks_last_seq", uint64(c.LastSeq))
	if !c.LastArrival.IsZero() {
		metrics.WriteGaugeFloat64(w, "up42hooks_last_arrival_timestamp_seconds", float64(c.LastArrival.UnixMilli())/1000)
	}
}

// series is a name with one label.
func series(name, label, value string) string {
	return name + "{" + label + "=" + strconv.Quote(value) + "}"
}
