package control

import (
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver/forward"
)

// why is the kind of an error of [Resend], which the asker needs to know whether to try again.
type why struct {
	NoTarget    bool          `json:"noTarget,omitempty"`
	Unreachable bool          `json:"unreachable,omitempty"`
	Refused     bool          `json:"refused,omitempty"`
	Ends        bool          `json:"ends,omitempty"`
	Permanent   bool          `json:"permanent,omitempty"`
	After       time.Duration `json:"after,omitempty"`
}

func whyOf(err error) *why {
	w := why{NoTarget: errors.Is(err, ErrNoTarget), Ends: errors.Is(err, ErrEnds), Unreachable: errors.As(err, new(*forward.Unreachable))}
	if r := (*forward.Refused)(nil); errors.As(err, &r) {
		w.Refused, w.Permanent, w.After = true, r.Permanent, r.After
	}
	return &w
}

// error makes the error again.
func (w *why) error(text string) error {
	switch {
	case w.NoTarget:
		return &worded{text, ErrNoTarget}
	case w.Ends:
		return fmt.Errorf("%w: %w", ErrNotAnswered, ErrEnds)
	case w.Unreachable:
		return &forward.Unreachable{Err: errors.New(text)}
	case w.Refused:
		return &forward.Refused{Reason: text, Permanent: w.Permanent, After: w.After}
	default: // it is about the event or the store, not about the target
		return errors.New(text)
	}
}

// worded is an error with other words.
type worded struct {
	text string
	error
}

func (w *worded) Error() string { return w.text }

// Unwrap returns the error that it is.
func (w *worded) Unwrap() error { return w.error }

// NoTarget is the error for a target of that name which the receiver does not have.
func NoTarget(name string) error {
	return &worded{fmt.Sprintf("%s %v; up42hooks doctor says how to send to another one, or to forget it", name, ErrNoTarget), ErrNoTarget}
}
