package receiver

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is the kind of thing that an event is about. An event of a type that is not
// in the table of event types has the kind "".
type Kind string

// The kinds that have rows.
const (
	Order Kind = "order"
	Job   Kind = "job"
)

// EventType describes a type of event: everything that depends on the type reads it
// from here. To add a type, add an entry to eventTypes and, if it is about a new kind
// of thing, to kinds.
type EventType struct {
	// Name is the event's name, such as "order.status".
	Name string
	// Kind is the kind of thing that the event is about.
	Kind Kind
	// IDField and TypeField are the fields of the body that UP42 documents for the id
	// and the type of the thing, TaskField is that for the id of a task of it; "": it has
	// no tasks. Decode also accepts other spellings.
	IDField, TypeField, TaskField string

	fields func(b wireBody) (id, typ, task string)
}

// The names of the event types that UP42 documents.
const (
	OrderStatus = "order.status"
	JobStatus   = "job.status"
)

var eventTypes = [...]EventType{
	{
		Name: OrderStatus, Kind: Order, IDField: "orderId", TypeField: "orderType",
		fields: func(b wireBody) (id, typ, task string) { return b.orderID(), text(b.OrderType), "" },
	},
	{
		Name: JobStatus, Kind: Job, IDField: "jobId", TypeField: "processId", TaskField: "jobTaskId",
		fields: func(b wireBody) (id, typ, task string) { return b.jobID(), text(b.ProcessID), b.taskID() },
	},
}

// kinds has the words and the statuses of each kind. A status that is not here is in
// progress. Stores keep the position of a kind: never change it, add a new kind at the
// end.
var kinds = [...]struct {
	kind          Kind
	title, plural string
	statuses      []KnownStatus
}{
	{Order, "Order", "orders", orderStatuses},
	{Job, "Job", "jobs", jobStatuses},
}

// known holds the kinds' statuses for Status.Class, which is called for each event and
// for each row on the screen.
var known = func() map[Kind]map[string]*KnownStatus {
	all := map[Kind]map[string]*KnownStatus{}
	for _, k := range kinds {
		all[k.kind] = map[string]*KnownStatus{}
		for i := range k.statuses {
			all[k.kind][string(k.statuses[i].Name)] = &k.statuses[i]
		}
	}
	return all
}()

// EventTypes returns the event types that UP42 documents.
func EventTypes() []EventType { return slices.Clone(eventTypes[:]) }

// EventNames returns the names of the event types that UP42 documents.
func EventNames() []string {
	names := make([]string, len(eventTypes))
	for i, t := range eventTypes {
		names[i] = t.Name
	}
	return names
}

// TypeOf returns the type of the event of a name; ok is false if it is not known.
func TypeOf(event string) (t EventType, ok bool) {
	for i := range eventTypes {
		if eventTypes[i].Name == event {
			return eventTypes[i], true
		}
	}
	return EventType{}, false
}

// KindOf returns the kind that an event of this name is about, "" if the name is not
// known.
func KindOf(event string) Kind {
	t, _ := TypeOf(event)
	return t.Kind
}

// Kinds returns the kinds that have rows.
func Kinds() []Kind {
	all := make([]Kind, len(kinds))
	for i, k := range kinds {
		all[i] = k.kind
	}
	return all
}

// KindOfCode returns the kind that has this Code; ok is false if no kind has it.
func KindOfCode(code int64) (k Kind, ok bool) {
	if code < 1 || code > int64(len(kinds)) {
		return "", false
	}
	return kinds[code-1].kind, true
}

// Code returns the number that stands for the kind in a store; ok is false if the kind
// is not known.
func (k Kind) Code() (code int64, ok bool) {
	i := k.index()
	return int64(i + 1), i >= 0
}

// Known says whether things of this kind have rows.
func (k Kind) Known() bool { return k.index() >= 0 }

// Title returns the word for one thing of this kind at the start of a line: "Order".
// Of an unknown kind it is "Event".
func (k Kind) Title() string {
	if i := k.index(); i >= 0 {
		return kinds[i].title
	}
	return "Event"
}

// Plural returns the word for several things of this kind: "orders". Of an unknown
// kind it is "events".
func (k Kind) Plural() string {
	if i := k.index(); i >= 0 {
		return kinds[i].plural
	}
	return "events"
}

// Statuses returns the statuses and sub-statuses that UP42 documents for the kind, about
// in the order of their course.
func (k Kind) Statuses() []KnownStatus {
	if i := k.index(); i >= 0 {
		return slices.Clone(kinds[i].statuses)
	}
	return nil
}

// Success returns the usual status of a thing that succeeded, "" for an unknown kind.
func (k Kind) Success() Status {
	for _, s := range k.Statuses() {
		if s.Class == Succeeded {
			return s.Name
		}
	}
	return ""
}

func (k Kind) index() int {
	for i := range kinds {
		if kinds[i].kind == k {
			return i
		}
	}
	return -1
}

// Info returns what is known of a status of a thing of kind k; ok is false if UP42 does
// not document it.
func (s Status) Info(k Kind) (info KnownStatus, ok bool) {
	if found := known[k][s.Canonical()]; found != nil {
		return *found, true
	}
	return KnownStatus{}, false
}

// Class returns the class of a status of a thing of kind k. An unknown status, and
// each status of an unknown kind, is in progress.
func (s Status) Class(k Kind) Class {
	if found := known[k][s.Canonical()]; found != nil {
		return found.Class
	}
	return InProgress
}

// Class returns the class of a thing of kind k that has a status, maybe with a
// sub-status, and of which an event says whether this is final. A sub-status that says
// more than “in progress” decides on the class of a status that is not final.
func (k Kind) Class(s, sub Status, final bool) Class {
	c := s.Class(k)
	if sub != "" && (!final || !c.Final()) {
		if of := sub.Class(k); of != InProgress {
			c = of
		}
	}
	return c.withFinal(final)
}

// Shown returns the one of a status and its sub-status that says more, for a place that
// has room for one. It is the sub-status if that decides on the class, and as long as the
// status is the first one of the kind: UP42 leaves a sub-status as it is when the status
// has moved on.
func (k Kind) Shown(s, sub Status, final bool) Status {
	switch {
	case sub == "" || final && s.Class(k).Final():
		return s
	case sub.Class(k) != InProgress, k.first().Is(s):
		return sub
	default:
		return s
	}
}

// first returns the status with which things of the kind begin.
func (k Kind) first() Status {
	if i := k.index(); i >= 0 {
		return kinds[i].statuses[0].Name
	}
	return ""
}

// Explain says in whole sentences what a status means, maybe with a sub-status, and what
// the owner can do. An event said whether it is final. Both texts may be "".
func (k Kind) Explain(s, sub Status, final bool) (meaning, todo string) {
	info, _ := k.Shown(s, sub, final).Info(k)
	switch c := k.Class(s, sub, final); c {
	case info.Class:
		return info.Meaning, info.Todo
	case Failed:
		return "Something failed, and the event says that this is final.", "Look at it at UP42 for the cause."
	default:
		return "The event says that this status is final.", ""
	}
}

// RowCounts counts rows by kind, in the order of Kinds.
type RowCounts [len(kinds)]int64

// Of returns the number of rows of a kind.
func (c RowCounts) Of(k Kind) int64 {
	if i := k.index(); i >= 0 {
		return c[i]
	}
	return 0
}

// Add adds n to the number of rows of a kind. An unknown kind has no rows.
func (c *RowCounts) Add(k Kind, n int64) {
	if i := k.index(); i >= 0 {
		c[i] += n
	}
}

// Total returns the number of rows of all kinds.
func (c RowCounts) Total() (n int64) {
	for _, of := range c {
		n += of
	}
	return n
}

// String returns the numbers in words: "1 order, 0 jobs".
func (c RowCounts) String() string {
	parts := make([]string, len(c))
	for i, n := range c {
		what := kinds[i].plural
		if n == 1 {
			what = string(kinds[i].kind)
		}
		parts[i] = fmt.Sprintf("%d %s", n, what)
	}
	return strings.Join(parts, ", ")
}
