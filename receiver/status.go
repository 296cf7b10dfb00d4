package receiver

import "strings"

// Kind is the kind of thing that an event is about.
type Kind string

// The kinds that have rows. An event of any other name has no kind.
const (
	Order Kind = "order"
	Job   Kind = "job"
)

// The event names that UP42 documents (wire.md §1).
const (
	OrderStatus = "order.status"
	JobStatus   = "job.status"
)

// KindOf gives the kind that an event of this name is about, "" where the name
// is not known.
func KindOf(event string) Kind {
	switch event {
	case OrderStatus:
		return Order
	case JobStatus:
		return Job
	default:
		return ""
	}
}

// Status is a status as it came. Compare with [Status.Canonical].
type Status string

// Class groups statuses by what they mean for the one who waits.
type Class uint8

// The classes.
const (
	InProgress Class = iota
	Succeeded
	Failed
	Cancelled
	Ended // final, as its event says, but of a status that is not known
)

// String is the class in a word.
func (c Class) String() string {
	switch c {
	case Succeeded:
		return "succeeded"
	case Failed:
		return "failed"
	case Cancelled:
		return "cancelled"
	case Ended:
		return "ended"
	default:
		return "in progress"
	}
}

// Canonical is the status in upper case with underscores for spaces: both
// `FAILED PERMANENTLY` and `FAILED_PERMANENTLY` occur (wire.md §2).
func (s Status) Canonical() string {
	return strings.ToUpper(strings.ReplaceAll(string(s), " ", "_"))
}

// Is says whether two statuses are the same but for their spelling.
func (s Status) Is(other Status) bool {
	return s == other || s.Canonical() == other.Canonical()
}

// Class looks the status up in the tables of wire.md §2. An unknown status is
// in progress.
func (s Status) Class(k Kind) Class {
	switch k {
	case Order:
		return orderClasses[s.Canonical()]
	case Job:
		return jobClasses[s.Canonical()]
	default:
		return InProgress
	}
}

// What is not in a table is in progress, which is Class's zero value: so the
// tables hold the ends only.
var orderClasses = map[string]Class{
	"FULFILLED":          Succeeded,
	"FAILED_PERMANENTLY": Failed,
	"PLACEMENT_FAILED":   Failed,
	"FAILED":             Failed,
	"QUOTATION_REJECTED": Failed,
	"CANCELED":           Cancelled,
	"CANCELLED":          Cancelled,
}

var jobClasses = map[string]Class{
	"SUCCEEDED":  Succeeded,
	"CAPTURED":   Succeeded,
	"FAILED":     Failed,
	"ERROR":      Failed,
	"INVALID":    Failed,
	"REJECTED":   Failed,
	"UNLICENSED": Failed,
	"RELEASED":   Failed,
	"CANCELLED":  Cancelled,
	"CANCELED":   Cancelled,
}
