package history

import "sort"

// Stored are the sequence numbers of the events in a log: those from the first to the last
// one, without gaps where events are missing. A copy stays as it is when the original
// changes.
type Stored struct {
	first, last int64
	gaps        []gap // the newest first; never changed
}

// gap is a range of numbers that are missing, with both ends.
type gap struct {
	from, to int64
	missing  int64 // in this gap and in newer ones
}

// NewStored returns the numbers from first to last, or no numbers if last is less than first. No
// number is less than 1.
func NewStored(first, last int64) Stored {
	first = max(1, first)
	return Stored{first: first, last: max(last, first-1)}
}

// First and Last return the ends. Last is less than First if there are no events.
func (s *Stored) First() int64 { return s.first }
func (s *Stored) Last() int64  { return s.last }

// Extend says that the log has events up to last, and none before first.
func (s *Stored) Extend(first, last int64) {
	s.last = max(s.last, last)
	if first > s.first {
		s.Remove(s.first, min(first-1, s.last))
	}
}

// Remove leaves out the numbers from a first to a last one: the log does not have them.
func (s *Stored) Remove(from, to int64) {
	if from <= s.first {
		s.first = max(s.first, min(to, s.last)+1)
	}
	from, to = max(from, s.first), min(to, s.last)
	var gaps []gap
	add := func(from, to int64) {
		if from = max(from, s.first); from > to {
			return
		}
		g := gap{from, to, to - from + 1}
		if n := len(gaps); n > 0 {
			g.missing += gaps[n-1].missing
		}
		gaps = append(gaps, g)
	}
	for _, g := range s.gaps {
		switch {
		case to+1 < g.from || from > to:
			add(g.from, g.to)
		case g.to+1 < from:
			add(from, to)
			from, to = 1, 0 // added
			add(g.from, g.to)
		default:
			from, to = min(from, g.from), max(to, g.to)
		}
	}
	add(from, to)
	s.gaps = gaps
	if n := len(gaps); n > 0 && gaps[n-1].from == s.first {
		s.first = gaps[n-1].to + 1
		s.gaps = gaps[:n-1]
	}
}

// Len returns how many numbers there are.
func (s *Stored) Len() int { return int(s.last - s.first + 1 - s.missing(len(s.gaps))) }

// missing returns how many numbers are missing in the newest n gaps.
func (s *Stored) missing(n int) int64 {
	if n == 0 {
		return 0
	}
	return s.gaps[n-1].missing
}

// At returns the number at a place in the list.
func (s *Stored) At(i int) int64 {
	n := sort.Search(len(s.gaps), func(k int) bool {
		return s.last-s.gaps[k].to-s.missing(k) > int64(i) // the number is newer than the gap
	})
	return s.last - int64(i) - s.missing(n)
}

// Newer implements Numbers.
func (s *Stored) Newer(n int64) int {
	n = min(max(n, s.first-1), s.last)
	k := sort.Search(len(s.gaps), func(k int) bool { return s.gaps[k].to <= n })
	newer := s.last - n - s.missing(k)
	if k > 0 && s.gaps[k-1].from <= n { // it is in the gap
		newer += n - s.gaps[k-1].from + 1
	}
	return int(newer)
}
