package arrivals

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// enough is how many events before the last hour are searched at most for usual waits.
const enough = 50_000

// Deliveries are what is known about the deliveries of the last hour, and about waits.
type Deliveries struct {
	Hour  Hour
	Waits Waits
}

// Merge adds what an earlier Read has found.
func (d *Deliveries) Merge(before *Deliveries) {
	d.Hour.merge(&before.Hour)
	d.Waits.merge(&before.Waits)
}

// Read reads what came up to the state of the log that counts describe. It reads no events
// themselves if the log can be searched.
func Read(ctx context.Context, log receiver.Reader, counts receiver.Counts, now time.Time) (*Deliveries, error) {
	d := &Deliveries{}
	d.Hour.Advance(now)
	if err := d.readEvents(ctx, log, counts.LastSeq, now); err != nil {
		return nil, fmt.Errorf("count the deliveries of the last hour: %w", err)
	}
	if err := d.readRejected(ctx, log, counts.LastRejected, now); err != nil {
		return nil, fmt.Errorf("count the rejected deliveries of the last hour: %w", err)
	}
	return d, nil
}

// readEvents counts the events of the last hour, and goes back until enough waits are known.
func (d *Deliveries) readEvents(ctx context.Context, log receiver.Reader, last int64, now time.Time) error {
	hour := now.Add(-time.Hour)
	var backwards []int64 // minutes, the newest first
	beyond := 0
	match := func(e *receiver.Event) bool {
		at := e.ReceivedAt
		d.Hour.Add(at, e.Verdict, 1)
		if at.After(d.Waits.Last) {
			d.Waits.Last = at
		}
		if at.Before(hour) {
			beyond++
		}
		if m := minute(at); len(backwards) == 0 || m < backwards[len(backwards)-1] {
			backwards = append(backwards, m)
		}
		return false
	}
	search := receiver.Search{EventQuery: receiver.EventQuery{Before: last + 1}, Match: match, Numbers: true}
	for _, err := range receiver.Find(ctx, log, search) {
		if err != nil {
			return err
		}
		if beyond > enough || beyond > 0 && len(backwards) > keptWaits {
			break
		}
	}
	backwards = backwards[:min(len(backwards), keptWaits+1)]
	slices.Reverse(backwards)
	d.Waits.minutes = backwards
	return nil
}

// readRejected counts the rejected deliveries of the last hour that the log keeps.
func (d *Deliveries) readRejected(ctx context.Context, log receiver.Reader, last int64, now time.Time) error {
	for page, err := range receiver.Pages(ctx, log, receiver.EventQuery{Before: last + 1, Rejected: true}) {
		if err != nil {
			return err
		}
		for _, e := range page {
			d.Hour.Add(e.ReceivedAt, receiver.Rejected, 1)
		}
		if page[0].ReceivedAt.Before(now.Add(-time.Hour)) {
			return nil
		}
	}
	return nil
}
