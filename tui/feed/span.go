package feed

// span is a range of keys, with both ends. It is empty if from is 0.
type span struct{ from, to int64 }

func (s *span) add(key int64) {
	if s.from == 0 {
		s.from, s.to = key, key
	}
	s.from, s.to = min(s.from, key), max(s.to, key)
}

// spans are the ranges of the keys of the entries.
type spans struct{ events, rejected span }

func (s *spans) add(e *Entry) {
	if e.Rejected() {
		s.rejected.add(e.Key())
	} else {
		s.events.add(e.Key())
	}
}

// trimRejected keeps the newest rejected deliveries, and returns the keys of the others.
// Numbers of which there is no entry do not count: admitted deliveries leave gaps.
func (s *spans) trimRejected(get func(key int64) (*Entry, bool), keep int) (gone []int64) {
	r := &s.rejected
	last := r.to
	for key := r.from; key <= r.to && key != 0; key++ { // a lower key is a newer delivery
		switch _, ok := get(key); {
		case ok && keep > 0:
			keep--
			last = key
		case ok:
			gone = append(gone, key)
		}
	}
	if len(gone) > 0 {
		r.to = last
	}
	return gone
}

// entries returns the entries of a table that has total entries, by trying all
// keys. It starts with the newest events, and stops when it has all entries: those
// that the table removed at its limit are the oldest.
func (s *spans) entries(get func(key int64) (*Entry, bool), total int) []*Entry {
	out := make([]*Entry, 0, total)
	for _, s := range []span{s.rejected, s.events} {
		if s.from == 0 {
			continue
		}
		for key := s.to; key >= s.from && len(out) < total; key-- {
			if e, ok := get(key); ok {
				out = append(out, e)
			}
		}
	}
	return out
}
