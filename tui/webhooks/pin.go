package webhooks

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
)

// pinnedMsg says what came of pinning.
type pinnedMsg struct {
	note string
	err  error
}

// pinned are the headers that are pinned, nil where none are known to be.
func (p *Page) pinned() []string {
	if p.o.Pinned == nil {
		return nil
	}
	return p.o.Pinned()
}

// canPin says that a test found what may be pinned, and that nothing is yet.
func (p *Page) canPin(r *roundtrip.Result) bool {
	return p.o.Pin != nil && len(p.pinned()) == 0 && len(r.Components) > 0 && r.Proven()
}

// drawPin says which headers UP42 signs, and offers to pin them: what the
// answer to a test proves to be UP42's is the list to insist on (wire.md §3).
func (p *Page) drawPin(s *sheet, o *outcome) {
	th, pinned := s.theme, p.pinned()
	covered := "UP42's signatures cover " + text.Clean(strings.Join(o.result.Components, ", "), 200)
	switch {
	case !o.proven || len(o.result.Components) == 0:
	case p.canPin(&o.result):
		s.prose(th.Plain, covered+". P pins this list: a signature over anything else is then refused.")
	case slices.Equal(pinned, o.result.Components):
		s.prose(th.Dim, covered+", and that list is pinned.")
	default:
		s.prose(th.Dim, covered+".")
	}
	if o.proven && p.pinNote != "" {
		s.gap()
		s.hanging(th.Notice, indent+th.Glyphs.Verified+" ", p.pinNote+". "+unpin)
	}
}

// pressPin pins what the last test of a webhook found.
func (p *Page) pressPin(w client.Webhook) tea.Cmd {
	o := p.tests[w.ID]
	switch list := p.pinned(); {
	case p.o.Pin == nil:
		p.say(Hint, "headers can't be pinned here: this is not the receiver")
	case len(list) > 0:
		p.say(Hint, "a list is pinned already: "+strings.Join(list, ", "))
	case p.pinning:
		p.say(Hint, "it is being pinned")
	case p.calls.of(w.ID) != nil || !p.canPin(&o.result):
		p.say(Hint, "headers are pinned after a test that succeeded: t tests")
	default:
		components := slices.Clone(o.result.Components)
		if !p.sure("pin "+w.ID, "P again pins "+strings.Join(components, ", ")+": any other signature is refused") {
			return nil
		}
		p.pinning = true
		return p.o.Do(func(context.Context) tea.Msg {
			note, err := p.o.Pin(components)
			return pinnedMsg{note, err}
		})
	}
	return nil
}

// unpin says how pinning is undone.
const unpin = "To undo it, take components out of the configuration and start the receiver anew."

func (p *Page) takePinned(m pinnedMsg) {
	p.pinning = false
	if m.err != nil {
		p.say(Failure, "could not pin: "+m.err.Error())
		return
	}
	note := m.note
	if note == "" {
		note = "pinned"
	}
	p.pinNote, p.pinNew = text.Clean(note, 0), true
	p.say(Info, note)
}
