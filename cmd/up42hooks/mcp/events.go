package mcp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// listArgs are the arguments of tools that list deliveries.
type listArgs struct {
	Filter      string `json:"filter,omitempty" jsonschema:"which ones, in the filter language of up42hooks, such as: status:FAILED* kind:order since:2d. Without it: all"`
	Cursor      string `json:"cursor,omitempty" jsonschema:"the cursor of the result before, to go on after it"`
	Limit       *int   `json:"limit,omitempty" jsonschema:"how many, 100 at most. Without it: 20"`
	OldestFirst bool   `json:"oldestFirst,omitempty" jsonschema:"begin with the oldest one, not with the newest"`
}

// found is what a search has found.
type found struct {
	Events   []*receiver.Event `json:"events"`
	Cursor   string            `json:"cursor,omitempty" jsonschema:"there may be more: call again with this cursor"`
	Cut      []string          `json:"bodiesLeftOut,omitempty" jsonschema:"numbers of those whose body is too large for this result: get_body reads it in parts"`
	Warnings []string          `json:"warnings,omitempty" jsonschema:"values of the filter that up42hooks does not know"`
}

// eventsPage is the result of list_events.
type eventsPage struct {
	found
	Newest string `json:"newest" jsonschema:"cursor after the newest event: wait_for_event with it misses nothing that comes after this result"`
	state
}

// rejectionsPage is the result of list_rejections.
type rejectionsPage struct {
	eventsPage
	Reasons []explanation `json:"reasons" jsonschema:"what the reasons mean, and what to do"`
}

// eventTools are the tools about single deliveries.
func (s *source) eventTools() []tool {
	return []tool{
		newTool("list_events", reads, "List received events, the newest first, or those that a filter finds. Rejected deliveries are no events: see list_rejections.",
			func(ctx context.Context, a listArgs) (eventsPage, error) { return s.listEvents(ctx, a, false) }),
		newTool("get_event", reads, "Get one delivery by its number: 12 is an event, r7 a rejected delivery.", s.getEvent),
		newTool("list_rejections", reads, "List rejected deliveries, the newest first, with the reasons and what to do about them. They were not accepted and are never used. The newest 1,000 are kept.", s.listRejections),
	}
}

func (s *source) listEvents(ctx context.Context, a listArgs, rejected bool) (out eventsPage, err error) {
	limit, err := limitOf(a.Limit)
	if err != nil {
		return out, err
	}
	q := search{query: receiver.EventQuery{Rejected: rejected, Oldest: a.OldestFirst}, limit: limit, now: s.env.Now}
	filter, doubts, err := deliveryFilter(a.Filter, rejected)
	if err != nil {
		return out, err
	}
	q.filter = filter
	out.Events = []*receiver.Event{}
	err = s.read(ctx, func(log *sqlite.Log) error {
		out.state = s.state(log != nil)
		if log == nil {
			out.Newest = cursor{Number: receiver.Number{Rejected: rejected}}.String()
			return nil
		}
		last, err := newest(ctx, log, rejected)
		if err != nil {
			return err
		}
		out.Newest = last.String()
		if err := q.from(ctx, log, a.Cursor, last.Seq); err != nil {
			return err
		}
		out.found, err = q.run(ctx, log)
		return err
	})
	out.Warnings = doubts
	return out, err
}

func (s *source) listRejections(ctx context.Context, a listArgs) (rejectionsPage, error) {
	listed, err := s.listEvents(ctx, a, true)
	out := rejectionsPage{eventsPage: listed, Reasons: []explanation{}}
	var seen []receiver.Reason
	for _, e := range listed.Events {
		if !slices.Contains(seen, e.Reason) {
			seen = append(seen, e.Reason)
			out.Reasons = append(out.Reasons, explainReason(e.Reason))
		}
	}
	return out, err
}

// missing says that a delivery is not in the store.
func missing(n receiver.Number) error {
	if n.Rejected {
		return fmt.Errorf("%v is not in the store (any more): the newest %d rejected deliveries are kept, and one that was admitted is an event; list_rejections lists them",
			n, receiver.RejectedKept)
	}
	return fmt.Errorf("there is no event %v in the store (any more): list_events lists them", n)
}

// search finds deliveries for a result.
type search struct {
	query  receiver.EventQuery
	filter *filter.Filter
	limit  int
	now    func() time.Time
}

// from lets the search begin at a cursor, if there is one.
func (q *search) from(ctx context.Context, log receiver.Reader, text string, last int64) error {
	if text == "" {
		return nil
	}
	c, err := parseCursor(text, q.query.Rejected)
	if err == nil {
		err = c.check(ctx, log, last)
	}
	if q.query.Oldest {
		q.query.After = c.Seq
	} else {
		q.query.Before = max(c.Seq, 1)
	}
	return err
}

// run searches until the result is full, the time is over, or all is searched. Only in the
// last case the result has no cursor.
func (q *search) run(ctx context.Context, log receiver.Reader) (out found, err error) {
	p := page[*receiver.Event]{limit: q.limit, items: []*receiver.Event{}}
	late := time.Now().Add(searchTime)
	var stopped int64 // where the search ended early
	find := q.filter.Search(q.query, q.now)
	find.Limit = q.limit + 1 // one more says whether there are more
search:
	for part, err := range receiver.Find(ctx, log, find) {
		if err != nil {
			return out, err
		}
		for i, e := range part.Events {
			short, cut := withoutBody(e)
			if cut {
				out.Cut = append(out.Cut, e.Number().String())
			}
			more, err := p.add(short)
			if err != nil {
				return out, err
			}
			if !more {
				if i+1 < len(part.Events) || part.Searched < part.Total {
					stopped = e.Seq
				}
				break search
			}
		}
		if time.Now().After(late) && part.Searched < part.Total {
			stopped = part.Cursor
			break
		}
	}
	out.Events = p.items
	if stopped == 0 {
		return out, nil
	}
	c, err := cursorAt(ctx, log, receiver.Number{Seq: stopped, Rejected: q.query.Rejected})
	out.Cursor = c.String()
	return out, err
}

// getArgs are the arguments of get_event.
type getArgs struct {
	Number numberText `json:"number" jsonschema:"number of the delivery: 12 is an event, r7 a rejected delivery"`
}

// gotEvent is the result of get_event.
type gotEvent struct {
	Event   *receiver.Event `json:"event"`
	Meaning explanation     `json:"meaning" jsonschema:"what its verdict or reason means"`
	Cut     bool            `json:"bodyLeftOut,omitempty" jsonschema:"the body is too large for this result: get_body reads it in parts"`
	state
}

func (s *source) getEvent(ctx context.Context, a getArgs) (out gotEvent, err error) {
	out.state, err = s.delivery(ctx, a.Number, func(e *receiver.Event) error {
		out.Event, out.Cut = withoutBody(e)
		out.Meaning = explainEvent(e)
		return nil
	})
	return out, err
}

// delivery reads a delivery for a result.
func (s *source) delivery(ctx context.Context, number numberText, do func(*receiver.Event) error) (st state, err error) {
	n, ok := receiver.ParseNumber(string(number))
	if !ok {
		return st, errors.New("number: want the number of a delivery, such as 12 for an event or r7 for a rejected delivery")
	}
	err = s.read(ctx, func(log *sqlite.Log) error {
		st = s.state(log != nil)
		if log == nil {
			return errors.New(st.Missing)
		}
		e, err := receiver.EventAt(ctx, log, n.Seq, n.Rejected)
		if err == nil && e == nil {
			err = missing(n)
		}
		if err != nil {
			return err
		}
		return do(e)
	})
	return st, err
}
