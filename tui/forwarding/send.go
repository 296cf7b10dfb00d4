package forwarding

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
)

// sendTimeout is how long forwarding one event may take.
const sendTimeout = time.Minute

// Selection is what the user looks at.
type Selection struct {
	// Subject is what is selected. Nil if nothing is.
	Subject *detail.Subject
	// Lists reports whether the page lists single events.
	Lists bool
	// Undelivered: the page lists what targets gave up.
	Undelivered bool
}

// Resend forwards the selected event to the configured targets, or to the one that
// gave it up.
func (f *Forwarding) Resend(s Selection) tea.Cmd {
	what, why := f.event(s, keys.First(f.o.Keys.Forward))
	switch {
	case why != "":
	case !f.HasTargets():
		why = "no target is configured: start up42hooks with --forward-to URL"
		if key := keys.First(f.o.Keys.ForwardTo); key != "" {
			why += "; " + key + " sends it to a URL once"
		}
	case s.Undelivered && what.target == "":
		why = fmt.Sprintf("it is no longer on this list; %s lists it, and %s forwards it to all targets there", keys.First(f.o.Keys.Events), keys.First(f.o.Keys.Forward))
	}
	if why != "" {
		f.o.Say.Hint(why)
		return nil
	}
	return f.send(what, nil)
}

// event returns the event that a key would forward, or why it forwards none.
func (f *Forwarding) event(s Selection, key string) (what sending, why string) {
	switch {
	case f.o.Forwarder == nil:
		return what, "forwarding is off: start up42hooks with --forward-to URL"
	case !s.Lists:
		return what, key + " forwards a single event: " + keys.First(f.o.Keys.Events) + " lists them"
	case s.Subject == nil || s.Subject.Seq == 0:
		return what, "nothing to forward: no event is selected"
	case s.Subject.Rejected:
		return what, "a rejected delivery is never forwarded: its sender is not known"
	}
	what.seq = s.Subject.Seq
	if r, ok := f.o.Page.Selected(); ok && s.Undelivered && r.Seq == what.seq {
		what.target = r.Target
	}
	return what, ""
}

// underWay says that an event is being forwarded already.
func underWay(what sending) string {
	return fmt.Sprintf("event %d is already being forwarded", what.seq)
}

// send forwards an event, unless that is under way. If it fails, refused may say so in another place:
// it returns false if it has not.
func (f *Forwarding) send(what sending, refused func(error) bool) tea.Cmd {
	if f.sending[what] {
		f.o.Say.Hint(underWay(what))
		return nil
	}
	f.sending[what] = true
	f.o.Say.Begun(fmt.Sprintf("forwarding event %d to %s%s", what.seq, f.destination(what), f.o.Theme.Glyphs.Ellipsis))
	send := func(ctx context.Context) error {
		ctx, stop := context.WithTimeout(ctx, sendTimeout)
		defer stop()
		if what.url != "" {
			return f.o.Forwarder.SendTo(ctx, what.seq, what.url)
		}
		return f.o.Forwarder.Resend(ctx, what.seq, what.target)
	}
	return command.Ask(f.o.Run, send, func(err error) tea.Cmd {
		delete(f.sending, what)
		if refused == nil || !refused(err) {
			f.sayResult(what, err)
		}
		if what.url != "" {
			return nil
		}
		return f.o.Page.Read()
	})
}

func (f *Forwarding) sayResult(what sending, err error) {
	to := f.destination(what)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		f.o.Say.Failure(fmt.Sprintf("event %d was not accepted in time by %s", what.seq, to))
	case err != nil:
		oneLine := strings.ReplaceAll(err.Error(), "\n", "; ") // it may be the errors of several targets
		f.o.Say.Failure(fmt.Sprintf("event %d could not be forwarded to %s: %s", what.seq, to, oneLine))
	default:
		f.o.Say.Info(fmt.Sprintf("event %d was forwarded to %s", what.seq, to))
	}
}

// destination names where an event is forwarded to.
func (f *Forwarding) destination(what sending) string {
	switch {
	case what.url != "":
		return text.Clean(safe.URL(what.url), 60)
	case what.target != "":
		return text.Clean(what.target, 60)
	case len(f.targets) == 1:
		return text.Clean(f.targets[0].Name, 60)
	default:
		return f.targets.String()
	}
}

// UnderWay says that events are being forwarded, or returns "".
func (f *Forwarding) UnderWay() string {
	switch n := len(f.sending); {
	case n > 1:
		return fmt.Sprintf("forwarding %d events%s", n, f.o.Theme.Glyphs.Ellipsis)
	case n == 1:
		for what := range f.sending {
			return fmt.Sprintf("forwarding event %d%s", what.seq, f.o.Theme.Glyphs.Ellipsis)
		}
	}
	return ""
}
