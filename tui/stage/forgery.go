package stage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// forgery is a kind of delivery that is not UP42's, or not as UP42 sent it.
type forgery struct{ kind, name, does string }

var forgeries = [...]forgery{
	{"tampered", "tampered body", "signed by UP42, then somebody changed the body"},
	{"forged", "wrong secret", "signed with a secret that is not the webhook's"},
	{"stale", "stale", "a genuine delivery, kept back for an hour"},
	{"replayed", "replayed", "a genuine delivery, sent once more"},
	{"recut", "re-cut headers", "the bytes that were signed, cut into other headers"},
	{"unsigned", "no signature", "just a request, with nothing that proves its sender"},
}

// forger sends forgeries, and shows what becomes of them.
type forger struct {
	open bool // the list of forgeries is shown
	sent *sending
	// scripted: the script opened the list, or sent the forgery.
	scripted bool
	// page is the page of the dashboard that was shown when this was opened. Another page closes it.
	page string
}

// shown reports whether the forger shows something. A nil forger does not.
func (f *forger) shown() bool { return f != nil && (f.open || f.sent != nil) }

// sending is a forgery that was sent.
type sending struct {
	forgery
	at, answered time.Time // zero: not yet
	verdict      outcome
	err          error
}

// outcome is what the receiver made of a forgery.
type outcome struct {
	event     *receiver.Event // the rejected delivery, or nil
	duplicate bool
}

// word is the reason in one word, for large letters.
func (s *sending) word() string {
	switch {
	case s.answered.IsZero():
		return "sent"
	case s.err != nil:
		return "failed"
	case s.verdict.duplicate:
		return "known already"
	case s.verdict.event != nil:
		return string(s.verdict.event.Reason)
	default:
		return "gone"
	}
}

// explanation says in whole sentences what the receiver made of the forgery.
func (s *sending) explanation() string {
	switch {
	case s.answered.IsZero():
		return "On its way …"
	case s.err != nil:
		return "It could not be sent: " + s.err.Error()
	case s.verdict.duplicate:
		return "The receiver knows this message already. It answers 200, so that the sender is content, and stores nothing twice."
	case s.verdict.event != nil:
		return receiver.Explain(s.verdict.event.Reason).Long
	default:
		return "It was rejected, and is not kept any more."
	}
}

// row says which row of the page it is.
func (s *sending) row() string {
	e := s.verdict.event
	if e == nil {
		return ""
	}
	return strings.Join([]string{"row " + e.Number().String(), "rejected", receiver.Explain(e.Reason).Short}, " · ")
}

// foot says which row it is, and how long the answer took.
func (s *sending) foot() string {
	switch took := s.answered.Sub(s.at); {
	case s.answered.IsZero():
		return ""
	case s.row() == "":
		return fmt.Sprintf("judged in %v", took.Round(time.Millisecond))
	default:
		return fmt.Sprintf("%s · in %v", s.row(), took.Round(time.Millisecond))
	}
}

// judged waits until the log has what came of a forgery.
func judged(ctx context.Context, log receiver.Reader, before receiver.Counts) (o outcome, err error) {
	const longest = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for seen := receiver.Version(0); ; {
		if seen, err = log.Wait(ctx, seen); err != nil {
			return o, errors.New("the receiver has not rejected it")
		}
		now, err := log.Counts(ctx)
		switch {
		case err != nil:
			return o, fmt.Errorf("read what came of it: %w", err)
		case now.Rejected > before.Rejected:
			o.event, err = receiver.EventAt(ctx, log, now.LastRejected, true)
			return o, err
		case now.Duplicates > before.Duplicates:
			return outcome{duplicate: true}, nil
		}
	}
}
