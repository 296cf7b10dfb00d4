package notify

import (
	"context"
	"errors"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// single sends one message for each event, in their order. It reads the log at its own pace,
// so nothing has to be kept while it waits.
type single struct {
	sender
	clean  func(string, int) string
	reader follower
	// rejected takes the rejected deliveries, if the rule selects some: who has no secret
	// must not be able to cause more than a message now and then.
	rejected *notifier
	// sending ends some time after the program's context, for what still waits then.
	sending context.Context //nolint:containedctx // it lives as long as run
	ending  bool
	unsent  *unsent
	place   string // in unsent
	shared  *Shared
}

func newSingle(o *Options, r *Rule, a Action) *single {
	s := &single{sender: newSender(o, r, a), clean: o.Clean, unsent: o.unsent, place: placeName(r, a), shared: o.Shared}
	selected := newRule(o, r, s)
	s.reader = follower{
		log: o.Log, logger: o.Logger, after: o.After, from: o.unsent.earliest(s.place), rules: []*rule{selected},
		caughtUp: func(ctx context.Context) {
			s.unsent.clear(s.place)
			s.shared.done(ctx, s.reader.event)
		},
	}
	s.failed = func() { s.unsent.keep(s.place, s.reader.event) }
	if selected.all {
		s.rejected = newNotifier(o, r, a)
		s.rejected.place = "" // who has no secret must not keep anything
	}
	return s
}

// run sends messages until ctx ends, and then those that wait, as far as time allows.
func (s *single) run(ctx context.Context) error {
	sending, cancel := retry.Outlast(ctx, timeToEnd)
	defer cancel()
	s.sending = sending
	if s.rejected != nil {
		var gathering sync.WaitGroup
		defer gathering.Wait()
		gathering.Go(func() { s.rejected.run(ctx) })
	}
	if s.reader.from != nil {
		if n := s.reader.count(ctx, *s.reader.from); n > 0 {
			s.log.Info("messages that the last run did not send are sent now", "deliveries", n)
		}
	}
	err := s.reader.run(ctx)
	if err != nil || s.shared != nil {
		return err
	}
	s.ending = true
	if err = s.reader.finish(sending); err != nil {
		s.tellUnsent(ctx, err)
	} else {
		s.unsent.clear(s.place)
	}
	return nil
}

// tellUnsent says how many messages the next run has to send.
func (s *single) tellUnsent(ctx context.Context, err error) {
	s.failed()
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) { // of the log
		err = errEnd
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeToEnd)
	defer cancel()
	said := "the program ends before all messages are sent; they are lost"
	if s.unsent.file != "" {
		said = "the program ends before all messages are sent; the next start sends them"
	}
	s.log.Warn(said, "deliveries", s.reader.count(ctx, s.reader.event), "error", err)
}

// take sends a message about a delivery. It waits for the end of the quiet hours, or of the
// program.
func (s *single) take(ctx context.Context, e *receiver.Event) error {
	if e.Verdict == receiver.Rejected {
		return s.rejected.take(ctx, e)
	}
	for !s.ending {
		wait := s.quiet.Left(s.now())
		if wait > 0 {
			s.failed() // a crash meanwhile loses nothing
		}
		if wait == 0 || !retry.Sleep(ctx, min(wait, clockCheck)) {
			break
		}
	}
	var about summary
	about.add(s.shared.local(e), s.clean)
	m := newMessage(s.rule, &about)
	if err := s.insist(ctx, s.sending, m); err != nil {
		return err
	}
	s.shared.done(ctx, e.Seq)
	return nil
}
