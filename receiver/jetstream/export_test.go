package jetstream

import "time"

// WithPatience sets how long an answer of a server may take.
func (o Options) WithPatience(d time.Duration) Options {
	o.patience = d
	return o
}

// WithClock sets the clock of leases.
func (o Options) WithClock(clock func() time.Duration) Options {
	o.clock = clock
	return o
}

// Token encodes a part of a subject, Subject the subject of an event.
var (
	Token   = token
	Subject = subjectOf
	Decode  = decode
)
