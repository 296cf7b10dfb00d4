package jetstream

import (
	"context"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/up42/up42-webhooks/receiver"
)

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

// WithNow sets the clock of the member.
func (o Options) WithNow(now func() time.Time) Options {
	o.now = now
	return o
}

// WithSleep sets what waits between two pages that are published.
func (o Options) WithSleep(sleep func(context.Context, time.Duration) bool) Options {
	o.sleep = sleep
	return o
}

// Token encodes a part of a subject, Subject the subject of an event.
var (
	Token   = token
	Subject = subjectOf
	Decode  = decode
	Details = detailsOf
)

// DetailsStruct is what the details of a message are read into.
type DetailsStruct = details

// Encode makes the message of an event.
func Encode(workspace string, e *receiver.Event) *nats.Msg {
	return encode(workspace, author{"member", "run"}, e, nil, 0)
}
