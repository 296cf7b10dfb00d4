package receiver

import "slices"

// EventType describes a type of event: everything that depends on the type reads it
// from here. To add a type, add an entry to eventTypes and, if it is about a new kind
// of thing, to kinds.
type EventType struct {
	// Name is the event's name, such as "order.status".
	Name string
	// Kind is the kind of thing that the event is about.
	Kind Kind
	// IDField and TypeField are the fields of the body that UP42 documents for the id
	// and the type of the thing. Decode also accepts other spellings.
	IDField, TypeField string

	fields func(b *wireBody) (id, typ string)
}

// The names of the event types that UP42 documents.
const (
	OrderStatus = "order.status"
	JobStatus   = "job.status"
)

var eventTypes = [...]EventType{
	{
		Name: OrderStatus, Kind: Order, IDField: "orderId", TypeField: "orderType",
		fields: func(b *wireBody) (id, typ string) { return first(b.OrderID, b.ID), text(b.OrderType) },
	},
	{
		Name: JobStatus, Kind: Job, IDField: "jobId", TypeField: "processId",
		fields: func(b *wireBody) (id, typ string) { return first(b.JobID, b.ID), text(b.ProcessID) },
	},
}

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
