package notify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// sendTimeout bounds one try to send a message.
	sendTimeout = time.Minute
	// The waits before a message is sent again. A receiver may ask for a longer one, up to
	// longestRest.
	firstPause, longestPause = time.Second, time.Minute
	longestRest              = time.Hour
)

// sender sends messages by one action of a rule, and logs the first of several failures.
type sender struct {
	rule    string // its clean name
	action  Action
	quiet   Hours
	now     func() time.Time
	log     *slog.Logger
	failing bool
	// failed is called when a message has to wait. It may be nil.
	failed func()
}

func newSender(o *Options, r *Rule, a Action) sender {
	name := o.Clean(r.Name, maxWord)
	return sender{rule: name, action: a, quiet: r.Quiet, now: o.Now, log: o.Logger.With("rule", name, "how", a.String())}
}

// errEnd is why a message was not sent that was under way at the end of the program.
var errEnd = errors.New("there was no answer in time")

func (s *sender) send(ending context.Context, m *Message) error {
	ctx, cancel := context.WithTimeout(ending, sendTimeout)
	defer cancel()
	err := s.action.Send(ctx, m)
	if err != nil && ending.Err() != nil && !lasting(err) {
		return errEnd
	}
	switch again := s.action.Persistent() && !lasting(err); {
	case err != nil && !s.failing && again:
		s.log.Warn("a message can't be sent now; it is tried again until it is sent", "error", err, "deliveries", m.Count)
	case err != nil && !s.failing:
		s.log.Warn("a message could not be sent", "error", err, "deliveries", m.Count)
	case err == nil && s.failing:
		s.log.Info("messages can be sent again")
	}
	s.failing = err != nil
	return err
}

// insist sends a message until it is sent, or will never be. When ctx ends, it stops trying;
// a try that is under way ends with sending. The error says that the message was not sent
// although it may be later.
func (s *sender) insist(ctx, sending context.Context, m *Message) error {
	for failures := 1; ; failures++ {
		err := s.send(sending, m)
		if err == nil || lasting(err) {
			return nil
		}
		if s.failed != nil {
			s.failed()
		}
		wait := retry.Backoff(failures, firstPause, longestPause)
		if f := failure(nil); errors.As(err, &f) {
			wait = max(wait, min(f.rest(), longestRest))
		}
		if !retry.Sleep(ctx, wait) {
			return err
		}
	}
}

// failure is an error of an action that knows more. Other errors are temporary.
type failure interface {
	error
	// temporary reports whether the next try may succeed.
	temporary() bool
	// rest is how long the receiver asks to wait. It may be 0.
	rest() time.Duration
}

func lasting(err error) bool {
	var f failure
	return errors.As(err, &f) && !f.temporary()
}
