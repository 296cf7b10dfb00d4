package team

import (
	"context"
	"io"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/jetstream"
)

// Behind is how many events of a store the stream does not have yet, 0 if the store can't be read.
func Behind(ctx context.Context, log receiver.Reader, s jetstream.Status) int64 {
	counts, err := log.Counts(ctx)
	if err != nil {
		return 0
	}
	return max(0, counts.LastSeq-s.Cursor)
}

// WriteMetrics writes the state of a member as metrics.
func WriteMetrics(w io.Writer, log receiver.Reader, s jetstream.Status) {
	failing := int64(0)
	if !s.Failing.IsZero() {
		failing = 1
	}
	for _, m := range []struct {
		name  string
		value int64
	}{
		{"published_total", s.Published},
		{"known_total", s.Known},
		{"given_up_total", s.GivenUp},
		{"failing", failing},
		{"behind_events", Behind(context.Background(), log, s)},
		{"applied_total", s.Applied},
		{"unread_messages", int64(s.Behind)},
		{"skipped_total", s.Skipped},
		{"missed_total", s.Missed},
	} {
		name := "up42hooks_stream_" + m.name
		admin.WriteFamily(w, name)
		metrics.WriteGaugeUint64(w, name, uint64(m.value))
	}
}
