package mcp

import (
	"context"
	"errors"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

const (
	// usualWait is how long a call waits if the agent does not say. Many clients give up
	// after a minute.
	usualWait = 30
	// longestWait is how long a call waits at most.
	longestWait = 600
)

// waitArgs are the arguments of wait_for_event.
type waitArgs struct {
	Filter   string   `json:"filter,omitempty" jsonschema:"which ones, in the filter language of up42hooks, such as: id:=ORDER final. Without it: any"`
	Cursor   string   `json:"cursor,omitempty" jsonschema:"wait for what comes after this place: the cursor of the wait before, or the field newest of a list. Without it: after the newest one"`
	Seconds  *float64 `json:"timeoutSeconds,omitempty" jsonschema:"how long to wait, 600 at most; 0 only looks. Without it: 30"`
	Limit    *int     `json:"limit,omitempty" jsonschema:"how many at most, if several are there already. Without it: 20"`
	Rejected bool     `json:"rejected,omitempty" jsonschema:"wait for rejected deliveries, not for events"`
}

// waited is the result of wait_for_event.
type waited struct {
	Events   []*receiver.Event `json:"events" jsonschema:"oldest first; empty if the time is over"`
	Cursor   string            `json:"cursor" jsonschema:"give it to the next wait: then nothing is missed between the two"`
	TimedOut bool              `json:"timedOut"`
	Cut      []string          `json:"bodiesLeftOut,omitempty" jsonschema:"numbers of those whose body is too large for this result: get_body reads it in parts"`
	Warnings []string          `json:"warnings,omitempty" jsonschema:"values of the filter that up42hooks does not know"`
	state
}

// waiter waits for deliveries.
type waiter struct {
	*source
	// hungUp ends when nobody waits any more.
	hungUp context.Context
}

func (w *waiter) tool() tool {
	return newTool("wait_for_event", reads, "Wait until an event comes that a filter finds, or until the time is over. To miss nothing, give each wait the cursor of the one before.", w.wait)
}

var errHungUp = errors.New("the input has ended, so nobody waits any more")

func (w *waiter) wait(ctx context.Context, a waitArgs) (out waited, err error) {
	seconds := float64(usualWait)
	if a.Seconds != nil {
		seconds = *a.Seconds
	}
	if !(seconds >= 0 && seconds <= longestWait) {
		return out, errors.New("timeoutSeconds: want a number from 0 to 600")
	}
	watch := watch{source: w.source, search: search{now: w.env.Now}}
	watch.query = receiver.EventQuery{Oldest: true, Rejected: a.Rejected}
	if watch.limit, err = limitOf(a.Limit); err != nil {
		return out, err
	}
	if watch.filter, out.Warnings, err = deliveryFilter(a.Filter, a.Rejected); err != nil {
		return out, err
	}
	if a.Cursor != "" {
		c, err := parseCursor(a.Cursor, a.Rejected)
		if err != nil {
			return out, err
		}
		watch.at = &c
	}
	waiting, cancel := context.WithTimeout(ctx, time.Duration(seconds*float64(time.Second)))
	defer cancel()
	defer context.AfterFunc(w.hungUp, cancel)()
	got, err := watch.run(ctx, waiting)
	switch {
	case err != nil:
		return out, err
	case len(got.Events) == 0 && w.hungUp.Err() != nil:
		return out, errHungUp
	}
	out.Events, out.Cut, out.Cursor, out.state = got.Events, got.Cut, watch.at.String(), w.state(watch.exists)
	out.TimedOut = len(got.Events) == 0
	return out, nil
}

// watch is one wait.
type watch struct {
	*source
	search
	// at is the place up to which all was searched. Nil: not known yet.
	at *cursor
	// exists says that the store was there.
	exists bool
}

// run waits until something is found, waiting ends, or ctx ends. A store that does not exist
// may be made meanwhile, and one may be replaced.
func (w *watch) run(ctx, waiting context.Context) (got found, err error) {
	for {
		err := w.read(ctx, func(log *sqlite.Log) (err error) {
			if w.exists = log != nil; !w.exists {
				return w.await(waiting)
			}
			got, err = w.look(ctx, waiting, log)
			return err
		})
		again := errors.Is(err, sqlite.ErrReplaced) || errors.Is(err, sqlite.ErrInterrupted) || err == nil && !w.exists
		switch {
		case ctx.Err() != nil:
			return got, ctx.Err()
		case waiting.Err() != nil && again && !errors.Is(err, sqlite.ErrInterrupted):
			return w.nothing(), nil
		case !again || waiting.Err() != nil:
			return got, err
		case err != nil:
			retry.Sleep(waiting, pollEvery)
		}
	}
}

// await waits a little for a store to be made. All in it will be new.
func (w *watch) await(waiting context.Context) error {
	w.beginAtFirst()
	retry.Sleep(waiting, pollEvery)
	return nil
}

// beginAtFirst sets the place before the first delivery, unless the place is known.
func (w *watch) beginAtFirst() {
	if w.at == nil {
		w.at = &cursor{Number: receiver.Number{Rejected: w.query.Rejected}}
	}
}

// nothing is the result of a wait that has found nothing.
func (w *watch) nothing() found {
	w.beginAtFirst()
	return found{Events: []*receiver.Event{}}
}

// look looks for deliveries until it finds some, or waiting ends.
func (w *watch) look(ctx, waiting context.Context, log *sqlite.Log) (found, error) {
	last, err := newest(ctx, log, w.query.Rejected)
	if err != nil {
		return found{}, err
	}
	if w.at == nil {
		w.at = &last
	}
	if err := w.at.check(ctx, log, last.Seq); err != nil {
		return found{}, err
	}
	var version receiver.Version
	for {
		// The version is read before the search, so that Wait does not wait for what comes
		// in between.
		version, err = log.Wait(waiting, version)
		if waiting.Err() == nil && err != nil {
			return found{}, err
		}
		for more := true; more; {
			got, err := w.next(ctx, log)
			if err != nil || len(got.Events) > 0 || waiting.Err() != nil {
				return got, err
			}
			more = got.Cursor != ""
		}
	}
}

// next searches what is new, and moves the cursor behind it. It may not search all at once: then
// the result has a cursor.
func (w *watch) next(ctx context.Context, log *sqlite.Log) (found, error) {
	last, err := newest(ctx, log, w.query.Rejected)
	if err != nil {
		return found{}, err
	}
	w.query.After, w.query.Before = w.at.Seq, last.Seq+1
	got, err := w.search.run(ctx, log)
	switch {
	case err != nil:
		return got, err
	case got.Cursor == "":
		w.at = &last
	default:
		c, err := parseCursor(got.Cursor, w.query.Rejected)
		w.at = &c
		return got, err
	}
	return got, nil
}
