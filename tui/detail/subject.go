package detail

import "github.com/up42/up42-webhooks/receiver"

// Subject is what the page shows: a row, or one delivery.
type Subject struct {
	// Key is the row. For a delivery it is the row that the delivery is about, or
	// zero.
	Key receiver.Key
	// Seq is the delivery's sequence number. 0: the subject is the row.
	Seq int64
	// Rejected says that Seq counts the rejected deliveries.
	Rejected bool
	// Unread says that Key is not known yet, as the list has not read the delivery.
	Unread bool
	// Undelivered says why a target did not take the event. It may be nil.
	Undelivered *receiver.Failure
}

func (s Subject) isRow() bool { return s.Seq == 0 }

// same reports whether two subjects show the same.
func (s *Subject) same(o *Subject) bool {
	switch {
	case s.Seq != o.Seq || s.Rejected != o.Rejected || s.isRow() && s.Key != o.Key:
		return false
	case s.Undelivered == nil || o.Undelivered == nil:
		return s.Undelivered == o.Undelivered
	default:
		return *s.Undelivered == *o.Undelivered
	}
}
