package admin

import (
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Family is what /metrics says about a metric: its name, its type and what it counts.
type Family struct{ Name, Type, Help string }

// The types of metrics.
const (
	counter   = "counter"
	gauge     = "gauge"
	histogram = "histogram"
	summary   = "summary"
)

// Families returns all metrics of the receiver, in the order of the documentation. Those of the
// process and of Go's runtime, which every program can have, are not among them.
func Families() []Family { return slices.Clone(families) }

// families are the metrics of the receiver.
var families = []Family{
	{"up42hooks_build_info", gauge, "The version of the program, as a label; the value is 1."},
	{"up42hooks_ready", gauge, "1 if deliveries can be taken and stored, else 0."},
	{"up42hooks_deliveries_total", counter, "Deliveries by verdict, since the store was made."},
	{"up42hooks_duplicates_total", counter, "Deliveries that repeated a stored event, since the store was made."},
	{"up42hooks_conflicts_total", counter, "Events with the message id of an earlier event and another body, since the store was made."},
	{"up42hooks_rejections_total", counter, "Rejected deliveries by reason, since the start."},
	{"up42hooks_rows", gauge, "Orders and jobs in the store, by kind."},
	{"up42hooks_last_seq", gauge, "The sequence number of the newest event."},
	{"up42hooks_last_arrival_timestamp_seconds", gauge, "When the newest delivery of any verdict came, in Unix seconds."},
	{"up42hooks_strays_total", counter, "Requests that were not deliveries, since the store was made."},
	{"up42hooks_connections", gauge, "Open connections of senders."},
	{"up42hooks_limits_total", counter, "How often each limit has acted, since the start."},
	{"up42hooks_body_memory_bytes", gauge, "Memory taken for large bodies that are being read; see --body-memory."},
	{"up42hooks_memory_limit_bytes", gauge, "The most memory that senders can make the receiver use, by its settings."},
	{"up42hooks_store_bytes", gauge, "The size of the store on disk."},
	{"up42hooks_store_seconds", histogram, "How long it took until a delivery was on disk."},
	{"up42hooks_forward_sent_total", counter, "Events that a target took, since the start."},
	{"up42hooks_forward_given_up_total", counter, "Events that were given up for a target, since the start."},
	{"up42hooks_forward_undelivered_events", gauge, "How many events are undelivered now: given up for a target, and not sent again since."},
	{"up42hooks_forward_failing", gauge, "1 if a target takes nothing at present, else 0."},
	{"up42hooks_forward_behind_events", gauge, "How many events a target has not been sent yet."},
	{"up42hooks_stream_published_total", counter, "Events that the team's stream took, since the start."},
	{"up42hooks_stream_known_total", counter, "Events that the team's stream had already, since the start."},
	{"up42hooks_stream_given_up_total", counter, "Events that the team's stream will never take, since the start."},
	{"up42hooks_stream_failing", gauge, "1 if the team's stream can't be used at present, else 0."},
	{"up42hooks_stream_behind_events", gauge, "How many events the team's stream does not have yet."},
	{"up42hooks_stream_applied_total", counter, "Events of other members of the team that were stored, since the start."},
	{"up42hooks_stream_unread_messages", gauge, "How many messages of the team's stream are not read yet."},
	{"up42hooks_stream_skipped_total", counter, "Messages of the team's stream that other programs wrote, since the start."},
	{"up42hooks_stream_missed_total", counter, "Messages that were gone from the team's stream before they were read, since the start."},
	{"up42hooks_team_members", gauge, "How many members of the team are connected; 0 if this one is not."},
	{"up42hooks_team_member_unread_messages", gauge, "How many messages of the team's stream each member has not read yet."},
	{"up42hooks_team_holder", gauge, "1 if it is this member's turn to forward events to a target, else 0; the label member is whose turn it was last."},
	{"up42hooks_team_duty_behind_messages", gauge, "How many messages of the team's stream are not forwarded to a target yet."},
}

// WriteFamily writes the help and the type of one of the metrics. Write them once, before the
// metric's series: the library would write them before each series. It panics if there is no
// such metric.
func WriteFamily(w io.Writer, name string) {
	i := slices.IndexFunc(families, func(f Family) bool { return f.Name == name })
	if i < 0 {
		panic("admin: no metric is named " + name)
	}
	families[i].write(w)
}

func (f Family) write(w io.Writer) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", f.Name, f.Help, f.Name, f.Type)
}

// series returns the name of a metric with one label.
func series(name, label, value string) string {
	return name + "{" + label + "=" + strconv.Quote(value) + "}"
}
