package admission

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Outcome says what became of a rejected delivery.
type Outcome string

// The outcomes.
const (
	// Good: it would be admitted. Nothing was changed.
	Good Outcome = "good"
	// Admitted: it is an event now.
	Admitted Outcome = "admitted"
	// Duplicate: its message is stored already, since UP42 sent it again. It is no longer
	// among the rejected deliveries.
	Duplicate Outcome = "duplicate"
	// StaysRejected: it is not good, for the reason of the result.
	StaysRejected Outcome = "rejected"
	// Gone: there is no such rejected delivery (any more).
	Gone Outcome = "gone"
)

// Result says what became of one rejected delivery.
type Result struct {
	// Number is that of the rejected delivery, such as r7.
	Number  string  `json:"number"`
	Outcome Outcome `json:"outcome"`
	// Seq is the number of the event that it is now, or that it repeats; 0 if it became no event.
	Seq int64 `json:"seq,omitempty"`
	// Verdict is the verdict on a delivery that is good.
	Verdict receiver.Verdict `json:"verdict,omitempty"`
	// Reason says why it stays rejected.
	Reason receiver.Reason `json:"reason,omitempty"`
}

// Request says which rejected deliveries to admit.
type Request struct {
	// Numbers are those of the deliveries, without the r. All means all that are good.
	Numbers []int64 `json:"numbers,omitempty"`
	All     bool    `json:"all,omitempty"`
	// DryRun says what would become of them, and changes nothing.
	DryRun bool `json:"dryRun,omitempty"`
}

// Do does what a request asks for. The results are in the order of the numbers. With All
// there are only results of deliveries that are good. After an error the results are those
// of the deliveries that were admitted before.
func (a *Admitter) Do(ctx context.Context, r Request) ([]Result, error) {
	if !r.DryRun {
		a.admitting.Lock()
		defer a.admitting.Unlock()
	}
	t := task{Admitter: a, dry: r.DryRun}
	err := t.run(ctx, r)
	return t.results, err
}

// task is one request that is being done. It admits a page at a time, so that deliveries
// that come in meanwhile do not wait for long.
type task struct {
	*Admitter
	dry     bool
	results []Result
	pending []*receiver.Event // good ones that are not admitted yet
	at      []int             // the place of each in results
}

func (t *task) run(ctx context.Context, r Request) error {
	take := func(e *receiver.Event) error { return t.take(ctx, e, r.All) }
	if r.All {
		if err := t.each(ctx, take); err != nil {
			return err
		}
		return t.flush(ctx)
	}
	for _, number := range r.Numbers {
		e, err := receiver.EventAt(ctx, t.o.Log, number, true)
		switch {
		case err != nil:
			return err
		case e == nil:
			t.results = append(t.results, Result{Number: name(number), Outcome: Gone})
		default:
			if err := take(e); err != nil {
				return err
			}
		}
	}
	return t.flush(ctx)
}

func name(number int64) string { return receiver.Number{Seq: number, Rejected: true}.String() }

// take judges a delivery.
func (t *task) take(ctx context.Context, e *receiver.Event, onlyGood bool) error {
	good, err := t.o.Judge(e)
	if err != nil {
		if !onlyGood {
			result := Result{Number: name(e.Seq), Outcome: StaysRejected}
			_ = errors.As(err, &result.Reason) // an error of a judge is a Reason
			t.results = append(t.results, result)
		}
		return nil
	}
	good.Rejection, good.Admitted = e.Seq, t.o.Now().UTC().Truncate(time.Microsecond)
	t.at, t.pending = append(t.at, len(t.results)), append(t.pending, good)
	t.results = append(t.results, Result{Number: name(e.Seq), Outcome: Good, Verdict: good.Verdict})
	if len(t.pending) < page {
		return nil
	}
	return t.flush(ctx)
}

// flush admits the pending deliveries.
func (t *task) flush(ctx context.Context) error {
	pending, at := t.pending, t.at
	t.pending, t.at = nil, nil
	if t.dry || len(pending) == 0 {
		return nil
	}
	receipts, err := t.o.Log.Admit(ctx, pending...)
	if err != nil {
		t.results = t.results[:at[0]]
		return fmt.Errorf("admit rejected deliveries: %w", err)
	}
	counts := map[Outcome]int{}
	for i, r := range receipts {
		result := &t.results[at[i]]
		switch {
		case r.Gone:
			*result = Result{Number: result.Number, Outcome: Gone}
		case r.Duplicate:
			result.Outcome, result.Seq = Duplicate, r.Seq
		default:
			result.Outcome, result.Seq = Admitted, r.Seq
		}
		counts[result.Outcome]++
		t.mu.Lock()
		delete(t.good, pending[i].Rejection)
		t.mu.Unlock()
	}
	t.o.Logger.Info("admitted rejected deliveries", "number", name(pending[0].Rejection)+" to "+name(pending[len(pending)-1].Rejection),
		"deliveries", counts[Admitted], "duplicates", counts[Duplicate])
	return nil
}
