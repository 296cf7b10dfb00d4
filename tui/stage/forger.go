package stage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/stage/script"
)

// forgery is a kind of delivery that is not UP42's, or not as UP42 sent it.
type forgery struct{ kind, name, does string }

var forgeries = [...]forgery{
	{"tampered", "tampered body", "signed by UP42, then somebody changed the body"},
	{"forged", "wrong secret", "signed with a secret that is not the webhook's"},
	{"stale", "stale", "a genuine delivery, kept back for an hour"},
	{"repeated", "replayed", "a genuine delivery, sent once more"},
	{"recut", "re-cut headers", "the bytes that were signed, cut into other headers"},
	{"unsigned", "no signature", "just a request, with nothing that proves its sender"},
}

// forger sends forgeries, and shows what becomes of them.
type forger struct {
	open bool // the list of forgeries is shown
	sent *sending
	// scripted: the script opened the list, or sent the forgery.
	scripted bool
}

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

// pressForger takes the keys of the forger. While a result is shown, any key removes it, and
// does what it does.
func (s *Stage) pressForger(msg tea.KeyMsg, scripted bool) (cmd tea.Cmd, ok bool) {
	f := s.forger
	name := msg.String()
	switch {
	case key.Matches(msg, s.keys.Forge):
		f.open, f.sent, f.scripted = !f.open, nil, scripted
		return nil, true
	case f.open && key.Matches(msg, s.keys.Back):
		f.open = false
		return nil, true
	case f.open:
		n, err := strconv.Atoi(name)
		if err != nil || n < 1 || n > len(forgeries) {
			return nil, name != "ctrl+c"
		}
		return s.sendForgery(forgeries[n-1], scripted, func(error) {}), true
	case f.sent != nil && !f.sent.answered.IsZero():
		f.sent = nil
		return nil, key.Matches(msg, s.keys.Back)
	default:
		return nil, false
	}
}

// forgeInScript sends a forgery. The script goes on when the receiver has judged it.
func (s *Stage) forgeInScript(c script.Command) tea.Cmd {
	i := slices.IndexFunc(forgeries[:], func(f forgery) bool { return f.kind == c.Text() })
	if i < 0 || s.forger == nil {
		return nil
	}
	p := s.player
	p.doing = true
	generation := p.generation
	return s.sendForgery(forgeries[i], true, func(err error) {
		if p.generation != generation {
			return // the script was started over
		}
		if p.doing = false; err != nil {
			p.fail(c, err)
		}
	})
}

// hideForgery makes room for a caption.
func (s *Stage) hideForgery() {
	if s.forger != nil {
		*s.forger = forger{}
	}
}

// sendForgery sends a forgery, and shows the page on which it arrives, if nothing else takes the
// keys. Then it calls then with what went wrong.
func (s *Stage) sendForgery(kind forgery, scripted bool, then func(error)) tea.Cmd {
	f := s.forger
	sent := &sending{forgery: kind, at: s.now()}
	f.open, f.sent, f.scripted = false, sent, scripted
	cmds := []tea.Cmd{s.showArrivals()}
	world, log := s.set.World, s.set.Screen.Log
	type result struct {
		outcome
		err error
	}
	ask := command.Ask(s.commands.Do, func(ctx context.Context) result {
		before, err := log.Counts(ctx)
		if err == nil {
			err = world.Do(ctx, script.Command{Verb: script.Forge, Args: []string{kind.kind}})
		}
		if err != nil {
			return result{err: err}
		}
		out, err := judged(ctx, log, before)
		return result{out, err}
	}, func(r result) tea.Cmd {
		sent.answered, sent.verdict, sent.err = s.now(), r.outcome, r.err
		then(r.err)
		return nil
	})
	return tea.Batch(append(cmds, ask)...)
}

// showArrivals shows the newest event, if nothing takes the keys that lead there.
func (s *Stage) showArrivals() (cmd tea.Cmd) {
	if s.model.Occupied() {
		return nil
	}
	cmd = s.pressKey(s.keys.Events)
	if now, _ := s.model.Counts(); now.Events()+now.Rejected > 0 {
		cmd = tea.Batch(cmd, s.pressKey(s.keys.Home))
	}
	return cmd
}

// pressKey presses a key of the dashboard, if it has one.
func (s *Stage) pressKey(b key.Binding) tea.Cmd {
	if len(b.Keys()) == 0 {
		return nil
	}
	msg, _ := keys.Press(b.Keys()[0])
	return s.pass(msg)
}

func runes(key string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(key)} }

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

// now is the time on the screen's clock.
func (s *Stage) now() time.Time { return s.set.Screen.Now() }
