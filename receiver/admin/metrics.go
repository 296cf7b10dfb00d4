package admin

import (
	"context"
	"io"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/receiver"
)

// writeMetrics writes all metrics. If the store can't be read, it leaves the numbers of the
// store out, because zeros would look like a loss of data.
func (o *Options) writeMetrics(ctx context.Context, w io.Writer) {
	WriteFamily(w, "up42hooks_build_info")
	metrics.WriteGaugeUint64(w, series("up42hooks_build_info", "version", o.Version), 1)
	ready := uint64(1)
	if o.ready(ctx) != nil {
		ready = 0
	}
	WriteFamily(w, "up42hooks_ready")
	metrics.WriteGaugeUint64(w, "up42hooks_ready", ready)
	if c, err := o.counts(ctx); err == nil {
		writeCounts(w, c)
	}
	if o.Connections != nil {
		WriteFamily(w, "up42hooks_connections")
		metrics.WriteGaugeUint64(w, "up42hooks_connections", uint64(o.Connections()))
	}
	if o.BodyMemory != nil {
		WriteFamily(w, "up42hooks_body_memory_bytes")
		metrics.WriteGaugeUint64(w, "up42hooks_body_memory_bytes", uint64(o.BodyMemory()))
	}
	if o.MemoryLimit > 0 {
		WriteFamily(w, "up42hooks_memory_limit_bytes")
		metrics.WriteGaugeUint64(w, "up42hooks_memory_limit_bytes", uint64(o.MemoryLimit))
	}
	if o.StoreBytes != nil {
		WriteFamily(w, "up42hooks_store_bytes")
		metrics.WriteGaugeUint64(w, "up42hooks_store_bytes", uint64(o.StoreBytes()))
	}
	if o.Tally != nil {
		o.Tally.write(w)
	}
	if o.More != nil {
		o.More(w)
	}
	writeProcess(w)
}

// writeCounts writes the counts of the store, which outlive the process.
func writeCounts(w io.Writer, c receiver.Counts) {
	WriteFamily(w, "up42hooks_deliveries_total")
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
	WriteFamily(w, "up42hooks_duplicates_total")
	metrics.WriteCounterUint64(w, "up42hooks_duplicates_total", uint64(c.Duplicates))
	WriteFamily(w, "up42hooks_strays_total")
	metrics.WriteCounterUint64(w, "up42hooks_strays_total", uint64(c.Unmatched))
	WriteFamily(w, "up42hooks_conflicts_total")
	metrics.WriteCounterUint64(w, "up42hooks_conflicts_total", uint64(c.Conflicts))
	WriteFamily(w, "up42hooks_rows")
	for _, k := range receiver.Kinds() {
		metrics.WriteGaugeUint64(w, series("up42hooks_rows", "kind", string(k)), uint64(c.Rows.Of(k)))
	}
	WriteFamily(w, "up42hooks_last_seq")
	metrics.WriteGaugeUint64(w, "up42hooks_last_seq", uint64(c.LastSeq))
	if !c.LastArrival.IsZero() {
		WriteFamily(w, "up42hooks_last_arrival_timestamp_seconds")
		metrics.WriteGaugeFloat64(w, "up42hooks_last_arrival_timestamp_seconds", float64(c.LastArrival.UnixMilli())/1000)
	}
}
