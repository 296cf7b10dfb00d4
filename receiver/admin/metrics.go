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
	Family(w, "up42hooks_build_info", "gauge", "The version of the program.")
	metrics.WriteGaugeUint64(w, series("up42hooks_build_info", "version", o.Version), 1)
	ready := uint64(1)
	if o.ready(ctx) != nil {
		ready = 0
	}
	Family(w, "up42hooks_ready", "gauge", "Whether deliveries can be taken and stored.")
	metrics.WriteGaugeUint64(w, "up42hooks_ready", ready)
	if c, err := o.counts(ctx); err == nil {
		writeCounts(w, c)
	}
	if o.Connections != nil {
		Family(w, "up42hooks_connections", "gauge", "Open connections of senders.")
		metrics.WriteGaugeUint64(w, "up42hooks_connections", uint64(o.Connections()))
	}
	if o.BodyMemory != nil {
		Family(w, "up42hooks_body_memory_bytes", "gauge", "Memory taken for large bodies that are being read; see --body-memory.")
		metrics.WriteGaugeUint64(w, "up42hooks_body_memory_bytes", uint64(o.BodyMemory()))
	}
	if o.MemoryLimit > 0 {
		Family(w, "up42hooks_memory_limit_bytes", "gauge", "The most memory that senders can make the receiver use, by its settings.")
		metrics.WriteGaugeUint64(w, "up42hooks_memory_limit_bytes", uint64(o.MemoryLimit))
	}
	if o.StoreBytes != nil {
		Family(w, "up42hooks_store_bytes", "gauge", "The size of the store on disk.")
		metrics.WriteGaugeUint64(w, "up42hooks_store_bytes", uint64(o.StoreBytes()))
	}
	if o.Tally != nil {
		o.Tally.write(w)
	}
	if o.More != nil {
		o.More(w)
	}
	metrics.WriteProcessMetrics(w)
}

// writeCounts writes the counts of the store, which outlive the process.
func writeCounts(w io.Writer, c receiver.Counts) {
	Family(w, "up42hooks_deliveries_total", "counter", "Deliveries by verdict, since the store was made.")
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
	Family(w, "up42hooks_duplicates_total", "counter", "Deliveries that repeated a stored event, since the store was made.")
	metrics.WriteCounterUint64(w, "up42hooks_duplicates_total", uint64(c.Duplicates))
	Family(w, "up42hooks_strays_total", "counter", "Requests that were not deliveries.")
	metrics.WriteCounterUint64(w, "up42hooks_strays_total", uint64(c.Unmatched))
	Family(w, "up42hooks_conflicts_total", "counter", "Events with the message id of an earlier event and another body, since the store was made.")
	metrics.WriteCounterUint64(w, "up42hooks_conflicts_total", uint64(c.Conflicts))
	Family(w, "up42hooks_rows", "gauge", "Orders and jobs in the store.")
	for _, k := range receiver.Kinds() {
		metrics.WriteGaugeUint64(w, series("up42hooks_rows", "kind", string(k)), uint64(c.Rows.Of(k)))
	}
	Family(w, "up42hooks_last_seq", "gauge", "The seq of the newest event.")
	metrics.WriteGaugeUint64(w, "up42hooks_last_seq", uint64(c.LastSeq))
	if !c.LastArrival.IsZero() {
		Family(w, "up42hooks_last_arrival_timestamp_seconds", "gauge", "When the newest delivery of any verdict came.")
		metrics.WriteGaugeFloat64(w, "up42hooks_last_arrival_timestamp_seconds", float64(c.LastArrival.UnixMilli())/1000)
	}
}
