package salvage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

// Loss says what could not be read of a store.
type Loss struct {
	// Events is how many events are missing. Spans are their sequence numbers.
	Events int64
	Spans  []receiver.Span
	// Uncertain says that the counters of the store are lost. The oldest missing events count as
	// deleted by retention then, and newer ones than the last may be missing.
	Uncertain bool
	// Places is how many pages and rows can't be read. Not all of them have events.
	Places int64
}

// Result is what could be read of a store.
type Result struct {
	Events, Rejected int64
	// Recognized says that something in the file is that of a store, if not an event.
	Recognized bool
	Loss
}

// Options say what is known of a store besides its file.
type Options struct {
	// PageSize is the size of a page, in bytes. What the head of the file says may be damaged.
	PageSize int64
	// Last is the last event that was stored, or an earlier one.
	Last int64
	// reading is called before each read of a page. It may return the error of that.
	reading func() error
}

// Export writes what can be read of a damaged store, in the format of exports. The
// caller makes sure that no connection of this process has the store open, and that
// nobody writes to it. Its memory is that of all rows, about a kilobyte for each, and 50
// bytes for each event.
func Export(ctx context.Context, store string, w io.Writer, o Options) (r Result, err error) {
	p, err := openPages(store, o)
	if err != nil {
		return r, fmt.Errorf("open %s: %w", store, err)
	}
	defer func() { err = errors.Join(err, p.close()) }()
	f, err := collect(ctx, p)
	if err != nil {
		return r, err
	}
	s := &sorted{found: f, seqs: seqsOf(f.events)}
	if err := s.fold(ctx); err != nil {
		return r, err
	}
	loss := s.loss(o.Last)
	x := exchange.NewWriter(w)
	err = s.write(ctx, x)
	rejected := min(len(f.rejected), receiver.RejectedKept)
	r = Result{Events: int64(len(s.seqs)), Rejected: int64(rejected), Recognized: f.recognized(), Loss: loss}
	return r, errors.Join(err, x.Flush())
}

// sorted is what was found, in the order of an export.
type sorted struct {
	*found
	seqs     []int64         // of the events
	verdicts [4]int64        // in the order of verdictsInOrder
	deleted  []receiver.Span // by retention
	lacks    bool            // some events are not there any more
	counts   exchange.Counters
}

func seqsOf(places map[int64]place) []int64 {
	seqs := make([]int64, 0, len(places))
	for seq := range places {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	return seqs
}

// fold makes the rows of the events.
func (s *sorted) fold(ctx context.Context) error {
	s.folded = receiver.NewRowSet()
	copies := copies{s.found, map[uint64]int64{}}
	kept := s.seqs[:0]
	for _, seq := range s.seqs {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := s.delivery(s.events[seq])
		if err != nil || copies.has(e) {
			s.damaged++
			continue
		}
		s.checkMessage(e)
		kept = append(kept, seq)
		s.count(e.Verdict)
		known := s.folded.Len()
		if row := s.folded.Apply(e); row != nil && s.folded.Len() > known {
			s.order = append(s.order, row.Key)
		}
	}
	s.seqs = kept
	return nil
}

// checkMessage forgets the record of an event's message if it names an earlier event: of several events the
// last one has the highest trust, so it is damaged, and the event would be taken for a second copy.
func (s *sorted) checkMessage(e *receiver.Event) {
	if k := dedup.OwnKey(e); s.messages[k].Seq < e.Seq {
		delete(s.messages, k)
	}
}

func (s *sorted) count(v receiver.Verdict) {
	for i, n := range verdictsInOrder {
		if n == v {
			s.verdicts[i]++
		}
	}
}

var verdictsInOrder = [4]receiver.Verdict{receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned}

// The places of the counters in their table, without its key.
const (
	lastSeqColumn = iota
	verifiedColumn
	trustedColumn
	partialColumn
	unsignedColumn
	rejectedColumn
	duplicatesColumn
	_ // orders
	_ // jobs
	arrivalColumn
	deletedColumn
	conflictsColumn
	unmatchedColumn
)

// counters are those of the store, in the order of their columns.
type counters []int64

// total is how many events were stored.
func (c counters) total() int64 {
	return c[verifiedColumn] + c[trustedColumn] + c[partialColumn] + c[unsignedColumn]
}

// loss works out which events are missing, and the counters of what is left. mark is the last event
// that the store's mark says was stored.
func (s *sorted) loss(mark int64) (l Loss) {
	last := s.newest(mark)
	s.settle(last)
	l.Uncertain, l.Places = s.counters == nil, s.damaged+s.pages.bad+int64(s.pages.inLog.Bad)
	missing := gaps(s.seqs, last)
	s.lacks = len(missing) > 0
	s.deleted, l.Spans = s.divide(missing)
	for _, n := range l.Spans {
		l.Events += n.Last - n.First + 1
	}
	s.setCounts(last)
	return l
}

// gaps returns the numbers up to last that are not among seqs, which ascend.
func gaps(seqs []int64, last int64) (out []receiver.Span) {
	next := int64(1)
	for _, seq := range append(slices.Clip(seqs), last+1) {
		if seq > next {
			out = append(out, receiver.Span{First: next, Last: seq - 1})
		}
		next = seq + 1
	}
	return out
}

// setCounts sets the counters. Each number up to last without an event counts as one that was
// deleted. What the store counted stays if it fits, else what is left is counted.
func (s *sorted) setCounts(last int64) {
	s.counts = exchange.Counters{LastSeq: last}
	for seq := range s.rejected {
		s.counts.Rejected = max(s.counts.Rejected, seq)
	}
	verdicts := s.verdicts
	if c := s.counters; c != nil {
		s.counts.Rejected = max(s.counts.Rejected, c[rejectedColumn])
		s.counts.Duplicates, s.counts.Conflicts, s.counts.LastArrival = c[duplicatesColumn], c[conflictsColumn], c[arrivalColumn]
		s.counts.Unmatched = c[unmatchedColumn]
		if stored := [4]int64(c[verifiedColumn:]); c.total() <= last && hasAll(stored, verdicts) {
			verdicts = stored
		}
	}
	total := int64(0)
	for _, n := range verdicts {
		total += n
	}
	// It is not known with which verdict: most events have this one.
	*slices.MaxFunc([]*int64{&verdicts[3], &verdicts[2], &verdicts[1], &verdicts[0]}, func(a, b *int64) int { return cmp.Compare(*a, *b) }) += last - total
	s.counts.Verified, s.counts.Trusted, s.counts.Partial, s.counts.Unsigned = verdicts[0], verdicts[1], verdicts[2], verdicts[3]
	s.counts.Deleted = last - int64(len(s.seqs))
}

// hasAll reports whether each count is at least what is left.
func hasAll(counts, left [4]int64) bool {
	for i, n := range left {
		if counts[i] < n {
			return false
		}
	}
	return true
}

func microseconds(n int64) time.Time { return time.UnixMicro(n).UTC() }
