package salvage

import (
	"iter"
	"math"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// newest returns the number of the last event that the store had, as far as that is known. If the
// counters are lost, what readers have done says it, too.
func (s *sorted) newest(mark int64) int64 {
	last := mark
	if n := len(s.seqs); n > 0 {
		last = max(last, s.seqs[n-1])
	}
	if c := s.counters; c != nil {
		if total := c.total(); c[lastSeqColumn] == total { // they confirm each other
			last = max(last, total)
		}
		return last
	}
	for _, p := range s.checkpoints {
		last = max(last, p.Cursor)
		if n := len(p.Done); n > 0 {
			last = max(last, p.Done[n-1].Last)
		}
	}
	for i := range s.failures {
		last = max(last, s.failures[i].Seq)
	}
	return last
}

// settle makes what readers have fit a store with events up to last. A checkpoint after it would say
// that events are done that are still to come.
func (s *sorted) settle(last int64) {
	for name, p := range s.checkpoints {
		p.Cursor = min(p.Cursor, last)
		p.Done = inOrder(p, last)
		s.checkpoints[name] = p
	}
	s.failures = slices.DeleteFunc(s.failures, func(f receiver.Failure) bool { return f.Seq > last })
}

// inOrder returns the first spans of a checkpoint that are in their order. What others say is done is
// sent once more.
func inOrder(p receiver.Checkpoint, last int64) []receiver.Span {
	before := p.Cursor
	for i, d := range p.Done {
		if d.First <= before || d.Last < d.First || d.Last > last {
			return p.Done[:i]
		}
		before = d.Last
	}
	return p.Done
}

// divide divides the missing events into those that retention has deleted and those that are lost. The
// store counts how many were deleted, together with those that earlier repairs have lost. No message of
// the index of duplicates names the latter, since each may come again. Of the others, retention has
// deleted the oldest ones.
func (s *sorted) divide(missing []receiver.Span) (deleted, lost []receiver.Span) {
	isNamed := s.named()
	old, unnamed := s.expired(), int64(0)
	for seq := range numbers(missing) {
		if !isNamed(seq) {
			unnamed++
		}
	}
	lostBefore := min(old, unnamed)
	old -= lostBefore
	for seq := range numbers(missing) {
		switch named := isNamed(seq); {
		case named && old > 0:
			deleted, old = add(deleted, seq), old-1
		case !named && lostBefore > 0:
			lostBefore--
		default:
			lost = add(lost, seq)
		}
	}
	return deleted, lost
}

// named returns whether a message names a missing event. If the counters are lost, nothing says how many
// earlier repairs have lost, and all count as named.
func (s *sorted) named() func(seq int64) bool {
	if s.counters == nil {
		return func(int64) bool { return true }
	}
	var seqs []int64
	for _, m := range s.messages {
		if _, there := slices.BinarySearch(s.seqs, m.Seq); !there {
			seqs = append(seqs, m.Seq)
		}
	}
	slices.Sort(seqs)
	return func(seq int64) bool {
		_, is := slices.BinarySearch(seqs, seq)
		return is
	}
}

// numbers are those of spans, in their order.
func numbers(spans []receiver.Span) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for _, s := range spans {
			for seq := s.First; seq <= s.Last; seq++ {
				if !yield(seq) {
					return
				}
			}
		}
	}
}

// add adds a number that is higher than those of the spans.
func add(spans []receiver.Span, seq int64) []receiver.Span {
	if n := len(spans); n > 0 && spans[n-1].Last == seq-1 {
		spans[n-1].Last = seq
		return spans
	}
	return append(spans, receiver.Span{First: seq, Last: seq})
}

// expired returns how many events retention has deleted. If the counters are lost, these are the
// oldest missing ones, up to those of the first minute that is known.
func (s *sorted) expired() int64 {
	if s.counters != nil {
		return s.counters[deletedColumn]
	}
	failed := s.failed()
	held := int64(0) // events that stay longer than others
	for _, seq := range s.seqs {
		if failed[seq] {
			held++
			continue
		}
		slices.Sort(s.minutes)
		if len(s.minutes) > 1 && s.minutes[1] < seq {
			seq = s.minutes[0] // events are missing from there on
		}
		return max(0, seq-1-held)
	}
	return 0
}

// failed are the events that a reader has given up. Retention does not delete them.
func (f *found) failed() map[int64]bool {
	all := map[int64]bool{}
	for i := range f.failures {
		all[f.failures[i].Seq] = true
	}
	return all
}

// forgetDeleted removes the events that retention has deleted, of pages that are free, but not known
// to be: it deletes the oldest ones that no reader needs. Of those that the store counts as deleted, or as
// lost in an earlier repair, others are missing.
func (f *found) forgetDeleted() {
	if f.counters == nil {
		return
	}
	end := int64(math.MaxInt64)
	for _, p := range f.checkpoints {
		end = min(end, p.Cursor)
	}
	failed, seqs := f.failed(), seqsOf(f.events)
	left := f.counters[deletedColumn]
	for _, gap := range gaps(seqs, 0) {
		left -= gap.Last - gap.First + 1
	}
	for _, seq := range seqs {
		if left > 0 && seq <= end && !failed[seq] {
			delete(f.events, seq)
			left--
		}
	}
}
