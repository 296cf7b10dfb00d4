package notify

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// single sends one message for each delivery, in their order. It reads the log at its own
// pace, so nothing has to be kept while it waits.
type single struct {
	sender
	clean  func(string, int) string
	reader follower
	// sending ends some time after the program's context, for what still waits then.
	sending context.Context //nolint:containedctx // it lives as long as run
	ending  bool
}

func newSingle(o *Options, r *Rule, a Action) *single {
	s := &single{sender: newSender(o, r, a), clean: o.Clean}
	s.reader = follower{log: o.Log, logger: o.Logger, after: o.After, rules: []*rule{newRule(o, r, s)}}
	return s
}

// run sends messages until ctx ends, and then those that wait, as far as time allows.
func (s *single) run(ctx context.Context) error {
	sending, cancel := retry.Outlast(ctx, timeToEnd)
	defer cancel()
	s.sending = sending
	err := s.reader.run(ctx)
	if err != nil {
		return err
	}
	s.ending = true
	if err = s.reader.finish(sending); err != nil {
		s.log.Warn("the program ends before all messages are sent", "error", err)
	}
	return nil
}

// take sends a message about a delivery. It waits for the end of the quiet hours, or of the
// program.
func (s *single) take(ctx context.Context, e *receiver.Event) error {
	for !s.ending {
		wait := s.quiet.Left(s.now())
		if wait == 0 || !retry.Sleep(ctx, min(wait, clockCheck)) {
			break
		}
	}
	var about summary
	about.add(e, s.clean)
	m := newMessage(s.rule, &about)
	return s.insist(ctx, s.sending, m)
}
