package doctor

import (
	"context"
	"fmt"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/altered"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// rejectedSeen is how many rejected deliveries are looked at, the newest ones.
const rejectedSeen = 100

// aboutRejected says what has probably changed the newest rejected deliveries on their way.
// Each cause is told once. It is a warning if nothing was accepted since.
func aboutRejected(ctx context.Context, log *sqlite.Log) (out []finding) {
	rejected, err := log.Events(ctx, receiver.EventQuery{Rejected: true, Limit: rejectedSeen})
	if err != nil {
		return []finding{storeError(log.File(), err)}
	}
	newest, err := log.Events(ctx, receiver.EventQuery{Limit: 1})
	if err != nil {
		return []finding{storeError(log.File(), err)}
	}
	var causes []altered.Cause
	last, times := map[altered.Cause]*receiver.Event{}, map[altered.Cause]int{}
	for _, e := range slices.Backward(rejected) {
		cause := e.Cause()
		if cause.IsZero() {
			continue
		}
		if times[cause]++; times[cause] == 1 {
			causes, last[cause] = append(causes, cause), e
		}
	}
	for _, cause := range causes {
		e := last[cause]
		which := fmt.Sprintf("%d of the newest %d rejected deliveries, the last is %v", times[cause], len(rejected), e.Number())
		if len(rejected) == 1 {
			which = fmt.Sprintf("the rejected delivery %v", e.Number())
		}
		f := found(warn, "%s (%s): %s", which, e.Reason, cause.What)
		if len(newest) > 0 && newest[0].ReceivedAt.After(e.ReceivedAt) {
			f.State, f.Detail = note, f.Detail+" Others were accepted since."
		}
		out = append(out, f.todo("%s", cause.Todo))
	}
	return out
}
