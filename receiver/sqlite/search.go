package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

const (
	// searchBlocks is how many blocks a search reads before it says how far it is. That
	// takes a few milliseconds.
	searchBlocks = 32
	// searchPage is how many events a search reads at a time.
	searchPage = 256
)

const (
	firstSeq = `SELECT coalesce(min(seq), 0) FROM event_log`

	newestBlocks = `SELECT seq, last, ids FROM event_index WHERE seq < ?2 AND last > ?1 ORDER BY seq DESC LIMIT ?3`
	oldestBlocks = `SELECT seq, last, ids FROM event_index
		WHERE seq >= (SELECT coalesce(max(seq), 0) FROM event_index WHERE seq <= ?1 + 1) AND seq < ?2 AND last > ?1 ORDER BY seq LIMIT ?3`
	oneBlock = `SELECT block FROM event_index WHERE seq = ?`

	chosenRange  = ` FROM event_log WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq`
	oldestChosen = `SELECT ` + eventFields + chosenRange
	newestChosen = `SELECT ` + eventFields + chosenRange + ` DESC`
	whichExist   = `SELECT seq` + chosenRange
)

// Search implements receiver.Searcher. It reads the blocks of the event index, and only
// those events themselves that match, or that are in no block. For numbers it does not even
// read those that match.
func (l *Log) Search(ctx context.Context, q receiver.Search) iter.Seq2[receiver.Found, error] {
	return func(yield func(receiver.Found, error) bool) {
		s := search{log: l, query: q, left: q.Limit}
		if q.Limit == 0 {
			s.left = math.MaxInt
		}
		for _, id := range q.IDs {
			s.ids = append(s.ids, codec.HashID(id))
		}
		for more := true; more; {
			found, err := s.step(ctx)
			if !yield(found, err) || err != nil {
				return
			}
			more = s.left > 0 && (s.rest() > 0 || len(s.pending) > 0)
		}
	}
}

// search is a search that goes on.
type search struct {
	log           *Log
	query         receiver.Search
	ids           []codec.IDHash
	begun         bool
	after, before int64 // what is to be searched, both exclusive
	total         int64 // how much that was at the beginning
	left          int   // how many events to find
	gaps          bool  // blocks may describe events that were deleted

	lines   []blockLine // the next ones
	reader  codec.BlockReader
	pending []int64 // events to read, since they match as far as is known

	// Of the current part:
	events  []*receiver.Event
	numbers []int64 // of events in place of these, if only they are asked for
	room    int     // bytes
}

// blockLine is a line of the event index.
type blockLine struct {
	first, last int64
	wanted      bool // it may have one of the ids
}

// rest returns how many sequence numbers are to be searched.
func (s *search) rest() int64 { return max(0, s.before-1-s.after) }

// step searches for a part of the result.
func (s *search) step(ctx context.Context) (receiver.Found, error) {
	read, end, err := s.log.beginRead(ctx)
	if err != nil {
		return receiver.Found{}, err
	}
	defer end()
	s.events, s.numbers, s.room = nil, nil, s.log.options.pageBytes
	if !s.begun {
		err = s.begin(read)
	}
	for n := 0; err == nil && n < searchBlocks && !s.full(); n++ {
		switch {
		case len(s.pending) > 0:
			err = s.readPending(read)
		case s.rest() > 0:
			err = s.advance(read)
		default:
			n = searchBlocks
		}
		// Otherwise a key press could wait until the runtime takes the processor away: 10 ms.
		runtime.Gosched()
	}
	if err != nil {
		return receiver.Found{}, s.log.readError(ctx, "search", err)
	}
	return s.found(), nil
}

// full reports whether the part has room for no more.
func (s *search) full() bool { return s.room <= 0 || s.free() <= 0 }

// free returns how many events the part may still get.
func (s *search) free() int {
	if s.query.Numbers {
		return s.left - len(s.numbers)
	}
	return min(searchPage, s.left) - len(s.events)
}

func (s *search) found() receiver.Found {
	f := receiver.Found{Events: s.events, Numbers: s.numbers, Cursor: s.before, Total: s.total, Searched: s.total - s.rest()}
	step := int64(-1)
	if s.query.Oldest {
		f.Cursor, step = s.after, 1
	}
	s.left -= len(s.events) + len(s.numbers)
	switch n, k := len(s.events), len(s.numbers); {
	case s.left == 0 && n > 0: // there may be more that match
		f.Cursor = s.events[n-1].Seq
	case s.left == 0 && k > 0:
		f.Cursor = s.numbers[k-1]
	case len(s.pending) > 0:
		f.Cursor = s.pending[0] - step
	}
	return f
}

// begin finds out what is to be searched.
func (s *search) begin(ctx context.Context) error {
	l, q := s.log, &s.query
	var t counters
	if err := l.reader.each(ctx, selectCounters, nil, func(rows *sql.Rows) error { return t.scan(rows) }); err != nil {
		return err
	}
	oldest := int64(0)
	if err := l.reader.each(ctx, firstSeq, nil, func(rows *sql.Rows) error { return rows.Scan(&oldest) }); err != nil {
		return err
	}
	s.gaps = t.LastSeq-oldest+1 != t.counts().Events()
	s.after, s.before = max(q.After, oldest-1), t.LastSeq+1
	if q.Before > 0 {
		s.before = min(s.before, q.Before)
	}
	if !q.Since.IsZero() {
		first, err := l.firstSince(ctx, q.Since.UnixMicro(), false)
		if err != nil {
			return err
		}
		if first < 0 {
			first = math.MaxInt64
		}
		s.after = max(s.after, first-1)
	}
	s.after = min(s.after, s.before-1) // the cursor of a search that has nothing to do
	s.total, s.begun = s.rest(), true
	return nil
}

// advance searches the next block, or the next events that are in no block.
func (s *search) advance(ctx context.Context) error {
	if len(s.lines) == 0 {
		if err := s.readLines(ctx); err != nil {
			return err
		}
	}
	if len(s.lines) == 0 {
		return s.scan(ctx, s.after, s.before)
	}
	switch line := s.lines[0]; {
	case s.query.Oldest && s.after+1 < line.first:
		return s.scan(ctx, s.after, min(s.before, line.first))
	case !s.query.Oldest && line.last+1 < s.before:
		return s.scan(ctx, max(s.after, line.last), s.before)
	default:
		return s.searchBlock(ctx, line)
	}
}

// readLines reads the next lines of the event index, without their blocks.
func (s *search) readLines(ctx context.Context) error {
	query := newestBlocks
	if s.query.Oldest {
		query = oldestBlocks
	}
	return s.log.reader.each(ctx, query, []any{s.after, s.before, searchBlocks}, func(rows *sql.Rows) error {
		var line blockLine
		var ids sql.RawBytes
		if err := rows.Scan(&line.first, &line.last, &ids); err != nil {
			return err
		}
		line.wanted = len(s.ids) == 0 || codec.HasID(ids, s.ids)
		s.lines = append(s.lines, line)
		return nil
	})
}

// searchBlock searches the block of a line, which is at the edge of what is to be searched.
// If it can't be read, its events are read themselves.
func (s *search) searchBlock(ctx context.Context, line blockLine) error {
	s.lines = s.lines[1:]
	if line.wanted {
		err := s.log.reader.each(ctx, oneBlock, []any{line.first}, func(rows *sql.Rows) error {
			var block sql.RawBytes
			if err := rows.Scan(&block); err != nil {
				return err
			}
			return s.reader.Decode(line.first, block)
		})
		if errors.Is(err, codec.ErrInvalid) {
			return s.scan(ctx, max(s.after, line.first-1), min(s.before, line.last+1))
		}
		if err != nil {
			return err
		}
		if s.matchBlock() && s.query.Numbers { // these need not be read
			if err := s.take(ctx); err != nil {
				return err
			}
		}
	}
	if s.query.Oldest {
		s.after = max(s.after, line.last)
	} else {
		s.before = min(s.before, line.first)
	}
	return nil
}

// matchBlock notes which events of the block match, as far as it says. all reports whether
// it says that of all events.
func (s *search) matchBlock() (all bool) {
	all = true
	for i := range s.reader.Len() {
		e, described := s.reader.Event(i)
		if e.Seq <= s.after || e.Seq >= s.before || e.ReceivedAt.Before(s.query.Since) {
			continue
		}
		if !described || s.query.Match(e) {
			s.pending = append(s.pending, e.Seq)
			all = all && described
		}
	}
	if !s.query.Oldest {
		slices.Reverse(s.pending)
	}
	return all
}

// take takes the numbers of events that match. Those for which there is no room stay pending.
func (s *search) take(ctx context.Context) error {
	n := min(len(s.pending), s.free())
	found := s.pending[:n]
	s.pending = s.pending[n:]
	if s.gaps {
		list, err := json.Marshal(found)
		if err != nil {
			return fmt.Errorf("list events: %w", err)
		}
		found = nil
		err = s.log.reader.each(ctx, whichExist, []any{string(list)}, func(rows *sql.Rows) error {
			var seq int64
			err := rows.Scan(&seq)
			found = append(found, seq)
			return err
		})
		if err != nil {
			return err
		}
		if !s.query.Oldest {
			slices.Reverse(found)
		}
	}
	s.numbers = append(s.numbers, found...)
	return nil
}

// scan reads a page of events themselves, from an edge of what is to be searched on.
func (s *search) scan(ctx context.Context, after, before int64) error {
	q := receiver.EventQuery{After: after, Before: before, Limit: searchPage, Oldest: s.query.Oldest}
	page, err := s.log.events(ctx, q)
	switch {
	case err != nil:
		return err
	case s.query.Oldest:
		s.after = before - 1
		if len(page) > 0 {
			s.after = page[len(page)-1].Seq
		}
	default:
		s.before = after + 1
		if len(page) > 0 {
			s.before = page[0].Seq
		}
		slices.Reverse(page)
	}
	for _, e := range page {
		if !s.full() {
			s.add(e)
		} else if s.matches(e) {
			s.pending = append(s.pending, e.Seq)
		}
	}
	return nil
}

func (s *search) matches(e *receiver.Event) bool {
	return !e.ReceivedAt.Before(s.query.Since) && s.query.Match(e)
}

func (s *search) add(e *receiver.Event) {
	switch {
	case !s.matches(e):
	case s.query.Numbers:
		s.numbers = append(s.numbers, e.Seq)
	default:
		s.events = append(s.events, e)
		s.room -= e.Size()
	}
}

// readPending reads events that match, as many as there is room for.
func (s *search) readPending(ctx context.Context) error {
	chosen := s.pending[:min(len(s.pending), searchPage, s.free())]
	list, err := json.Marshal(chosen)
	if err != nil {
		return fmt.Errorf("list events: %w", err)
	}
	query, done := newestChosen, len(chosen)
	if s.query.Oldest {
		query = oldestChosen
	}
	err = s.log.reader.each(ctx, query, []any{string(list)}, func(rows *sql.Rows) error {
		e, err := scanEvent(rows)
		if err != nil {
			return err
		}
		if s.add(e); s.room <= 0 {
			done = slices.Index(chosen, e.Seq) + 1
			return errPageFull
		}
		return nil
	})
	if err != nil && !errors.Is(err, errPageFull) {
		return err
	}
	s.pending = s.pending[done:]
	return nil
}
