package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
)

// handFor is how long handing on one event may take.
const handFor = time.Minute

// sending is an event that is being handed on: to the configured targets, to
// one of them, or to a URL.
type sending struct {
	seq         int64
	target, url string
}

// sentMsg says what came of it.
type sentMsg struct {
	what sending
	err  error
}

// pressHand takes the keys that hand events on; ok is false for others.
func (m *Model) pressHand(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, m.keys.hand):
		return m.handOn(), true
	case key.Matches(msg, m.keys.handTo):
		return m.askWhereTo(), true
	}
	return nil, false
}

// handOn hands the event that is looked at on to the configured targets; from
// the list of what was given up, to the one that gave it up.
func (m *Model) handOn() tea.Cmd {
	what, why := m.handable("f")
	switch {
	case why != "":
	case !m.hasUndelivered():
		why = "no target is configured: start up42hooks with --forward-to URL; F sends it to a URL once"
	case m.page == undeliveredPage && what.target == "":
		why = "it is not on the list any more; 3 hands it on to all targets"
	}
	if why != "" {
		m.say(noteHint, why)
		return nil
	}
	return m.send(what)
}

// handable is the event that a key would hand on, or why there is none.
func (m *Model) handable(name string) (what sending, why string) {
	s, ok := m.subject()
	if m.detailed {
		s, ok = m.details.Subject(), true
	}
	switch {
	case m.o.Forwarding == nil:
		return what, "nothing hands events on here: start up42hooks with --forward-to URL"
	case m.page != eventsPage && m.page != undeliveredPage:
		return what, name + " hands on a single event: 3 lists them"
	case !ok || s.Seq == 0:
		return what, "nothing to hand on: no event is selected"
	case s.Rejected:
		return what, "a rejected delivery is never handed on: nobody knows who sent it"
	}
	what.seq = s.Seq
	if r, ok := m.undelivered.Selected(); ok && m.page == undeliveredPage && r.Seq == s.Seq {
		what.target = r.Target
	}
	return what, ""
}

// send hands an event on, unless that is under way.
func (m *Model) send(what sending) tea.Cmd {
	if m.handing.sending[what] {
		m.say(noteHint, fmt.Sprintf("event %d is on its way already", what.seq))
		return nil
	}
	m.handing.sending[what] = true
	m.say(noteInfo, fmt.Sprintf("handing event %d on to %s%s", what.seq, m.destination(what), m.th.Glyphs.Ellipsis))
	return m.commands.do(func(ctx context.Context) tea.Msg {
		limited, stop := context.WithTimeout(ctx, handFor)
		defer stop()
		var err error
		if what.url != "" {
			err = m.o.Forwarding.SendTo(limited, what.seq, what.url)
		} else {
			err = m.o.Forwarding.Resend(limited, what.seq, what.target)
		}
		if ctx.Err() != nil {
			return nil
		}
		return sentMsg{what, err}
	})
}

// takeSent says what came of handing an event on.
func (m *Model) takeSent(msg sentMsg) tea.Cmd {
	delete(m.handing.sending, msg.what)
	to := m.destination(msg.what)
	switch {
	case errors.Is(msg.err, context.DeadlineExceeded):
		m.say(noteError, fmt.Sprintf("event %d was not taken in time by %s", msg.what.seq, to))
	case msg.err != nil:
		m.say(noteError, fmt.Sprintf("event %d could not be handed on to %s: %s", msg.what.seq, to, inOneLine(msg.err)))
	default:
		m.say(noteInfo, fmt.Sprintf("event %d was handed on to %s", msg.what.seq, to))
	}
	if msg.what.url != "" {
		return nil
	}
	return m.undelivered.Read()
}

// inOneLine is an error as one line, though it be of several targets.
func inOneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// destination names where an event is handed on to.
func (m *Model) destination(what sending) string {
	switch {
	case what.url != "":
		return text.Clean(bareURL(what.url), 60)
	case what.target != "":
		return text.Clean(what.target, 60)
	case len(m.handing.targets) == 1:
		return text.Clean(m.handing.targets[0].Name, 60)
	default:
		return counted(int64(len(m.handing.targets)), "target", "targets")
	}
}

// underWay says that something is being handed on.
func (m *Model) underWay() string {
	if len(m.handing.sending) == 0 {
		return ""
	}
	if len(m.handing.sending) > 1 {
		return fmt.Sprintf("handing on %d events%s", len(m.handing.sending), m.th.Glyphs.Ellipsis)
	}
	for what := range m.handing.sending {
		return fmt.Sprintf("handing on event %d%s", what.seq, m.th.Glyphs.Ellipsis)
	}
	return ""
}
