package actions

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
)

// HowToUnpin says how pinning is undone.
const HowToUnpin = "To undo it, take components out of the configuration and restart the receiver."

// Pins pins the headers that UP42's signatures must cover.
type Pins struct {
	run     command.Runner
	say     note.Say
	keys    *keymap.Map
	work    *command.Work
	confirm *Confirmation
	current func() []string                                    // nil: not known
	pin     func(components []string) (note string, err error) // nil: it is not possible here

	running bool
	note    string
	fresh   bool
}

// Current returns the headers that are pinned. It is nil if none are, or if that
// is not known.
func (p *Pins) Current() []string {
	if p.current == nil {
		return nil
	}
	return p.current()
}

// CanPin reports whether a list of headers that a test has found can be pinned:
// no list is pinned yet.
func (p *Pins) CanPin(components []string) bool {
	return p.pin != nil && len(p.Current()) == 0 && len(components) > 0
}

// Possible reports whether a test has succeeded and found headers to pin.
func (p *Pins) Possible(r *roundtrip.Result) bool { return r.Proven() && p.CanPin(r.Components) }

// Note returns the note about the last pinning, clean, or "".
func (p *Pins) Note() string { return p.note }

// Fresh reports whether there is a note, and no key was pressed since.
func (p *Pins) Fresh() bool { return p.note != "" && p.fresh }

// NextKey must be called for each key.
func (p *Pins) NextKey() { p.fresh = false }

// Pin pins the headers that the last test of a webhook found. testing says that a
// test is under way.
func (p *Pins) Pin(w client.Webhook, last *roundtrip.Result, testing bool) tea.Cmd {
	switch pinned := p.Current(); {
	case p.pin == nil:
		p.say.Hint("headers can't be pinned here: this is not the receiver")
	case len(pinned) > 0:
		p.say.Hint("a list is pinned already: " + strings.Join(pinned, ", "))
	case p.running:
		p.say.Hint("it is being pinned")
	case testing || !p.Possible(last):
		p.say.Hint("headers are pinned after a test that succeeded: " + keys.First(p.keys.Test) + " tests")
	case !p.confirm.Confirmed("pin "+w.ID, keys.First(p.keys.Pin)+" again pins "+strings.Join(last.Components, ", ")+": any other signature is rejected"):
	default:
		return p.start(slices.Clone(last.Components))
	}
	return nil
}

func (p *Pins) start(components []string) tea.Cmd {
	type result struct {
		note string
		err  error
	}
	p.running = true
	end := p.work.Begin("pinning headers")
	return command.Ask(p.run, func(context.Context) result {
		note, err := p.pin(components)
		return result{note, err}
	}, func(r result) tea.Cmd {
		p.running = false
		end()
		if r.err != nil {
			p.say.Failure("could not pin: " + r.err.Error())
			return nil
		}
		if r.note == "" {
			r.note = "pinned"
		}
		p.note, p.fresh = text.Clean(r.note, 0), true
		p.say.Info(r.note)
		return nil
	})
}
