package undelivered

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
)

// The longest texts, in cells, that a row keeps of what came from outside.
const (
	maxWord   = 80
	maxReason = 200
)

// Row is an event that a target did not get. It is not changed once made. Its
// words are clean; Target and the id are as they came.
type Row struct {
	// Target is the reader that gave up on the event, Seq the event's place.
	Target string
	Seq    int64

	failure        receiver.Failure
	target, reason string
	tries          int
	at             time.Time // when it was given up
	event          event
}

// event is what is told of the event itself; its zero value: it is not kept.
type event struct {
	key              receiver.Key
	id, name, status string
	title, typ, host string
	verdict          receiver.Verdict
	class            receiver.Class
	final, live      bool
}

func eventOf(e *receiver.Event) event {
	row := receiver.Row{Key: receiver.Key{Kind: e.Kind}, Status: e.Status, Final: e.Final}
	return event{
		key: receiver.Key{Kind: e.Kind, ID: e.ID}, id: text.Clean(e.ID, maxWord), name: text.Clean(e.Name, maxWord), status: text.Clean(string(e.Status), maxWord),
		title: text.Clean(e.DisplayName, maxWord), typ: text.Clean(e.Type, maxWord), host: text.Clean(e.Host, maxWord),
		verdict: e.Verdict, class: row.Class(), final: e.Final, live: e.LiveMode,
	}
}

func rowOf(f receiver.Failure, e event) *Row {
	return &Row{
		Target: f.Reader, Seq: f.Seq, failure: f, target: text.Clean(f.Reader, maxWord), reason: text.Clean(f.Reason, maxReason),
		tries: f.Tries, at: f.At, event: e,
	}
}

// rowID tells rows apart: an event may be on the lists of several targets.
func rowID(r *Row) string { return keyOf(r.Target, r.Seq) }

func keyOf(target string, seq int64) string { return fmt.Sprintf("%020d %s", seq, target) }

func passes(f *filter.Filter, r *Row, now time.Time) bool {
	e := &r.event
	words := [...]string{r.target, r.reason, e.name, string(e.key.Kind), e.key.ID, e.status, string(e.verdict)}
	return f.Match(&filter.Subject{
		Kind: e.key.Kind, Status: receiver.Status(e.status), Class: e.class, Final: e.final, Live: e.live, Event: e.name, Verdict: e.verdict,
		ID: e.key.ID, Name: e.title, Type: e.typ, Host: e.host, Seq: r.Seq, At: r.at, Words: words[:],
	}, now)
}

func orders() []table.Order[*Row] {
	oldest := func(a, b *Row) int { return cmp.Compare(a.Seq, b.Seq) }
	return []table.Order[*Row]{
		{Name: "oldest event", Column: numberTitle, Compare: oldest},
		{Name: "given up last", Column: sinceTitle, Compare: func(a, b *Row) int { return b.at.Compare(a.at) }},
		{Name: "target", Column: targetTitle, Compare: func(a, b *Row) int {
			return cmp.Or(strings.Compare(a.target, b.target), oldest(a, b))
		}},
	}
}
