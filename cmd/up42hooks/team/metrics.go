package team

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/tui/number"
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

// Summary says in a line how a member is: what is wrong, or who is in the team and forwards.
func Summary(stream string, s jetstream.Status, members []jetstream.Member, duties []jetstream.DutyStatus) string {
	line := "team " + stream + ": "
	if s.Err != "" {
		return line + safe.Line(s.Err)
	}
	line += number.Of(int64(len(members)), "member", "members")
	if len(duties) > 0 {
		here := 0
		for _, d := range duties {
			if d.Here {
				here++
			}
		}
		line += fmt.Sprintf(", this one forwards %d of %d", here, len(duties))
	}
	return line
}

// WriteTeam writes who is in the team, and who forwards, as metrics.
func WriteTeam(w io.Writer, members []jetstream.Member, duties []jetstream.DutyStatus) {
	members = slices.CompactFunc(members, func(a, b jetstream.Member) bool { return a.Name == b.Name }) // each series once
	write(w, "members", func(name string) { metrics.WriteGaugeUint64(w, name, uint64(len(members))) })
	if len(members) > 0 {
		write(w, "member_unread_messages", func(name string) {
			for _, m := range members {
				metrics.WriteGaugeUint64(w, name+labels("member", safe.Line(m.Name), "role", safe.Line(string(m.Role))), uint64(m.Unread))
			}
		})
	}
	if len(duties) == 0 {
		return
	}
	write(w, "holder", func(name string) {
		for _, d := range duties {
			here := uint64(0)
			if d.Here {
				here = 1
			}
			metrics.WriteGaugeUint64(w, name+labels("duty", d.Name, "member", safe.Line(d.Member)), here)
		}
	})
	write(w, "duty_behind_messages", func(name string) {
		for _, d := range duties {
			metrics.WriteGaugeUint64(w, name+labels("duty", d.Name), uint64(d.Behind))
		}
	})
}

func write(w io.Writer, name string, series func(name string)) {
	name = "up42hooks_team_" + name
	admin.WriteFamily(w, name)
	series(name)
}

// labels are the labels of a series: names and values in turn.
func labels(pairs ...string) string {
	var all []string
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, pairs[i]+"="+strconv.Quote(pairs[i+1]))
	}
	return "{" + strings.Join(all, ",") + "}"
}
