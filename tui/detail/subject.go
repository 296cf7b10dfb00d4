package detail

import "github.com/up42/up42-webhooks/receiver"

// Subject is what the details are of: a row, or one delivery.
type Subject struct {
	// Key is the row, or the row that the delivery is about, if any.
	Key receiver.Key
	// Seq is the delivery's place; 0: the subject is the row.
	Seq int64
	// Rejected: Seq is a place among the rejected deliveries.
	Rejected bool
	// Undelivered is why the event was not handed on to a target; nil: nothing is
	// told of that.
	Undelivered *receiver.Failure
}

func (s Subject) isRow() bool { return s.Seq == 0 }
