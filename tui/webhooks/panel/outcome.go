package panel

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/fault"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
)

// drawOutcome shows the outcome of the last test of a webhook.
func (o *Opener) drawOutcome(b *textblock.Block, w client.Webhook) {
	th := b.Theme
	out, ok := o.Actions.Outcome(w.ID)
	switch {
	case !ok:
		words := "Not tested since the start."
		if key := keys.First(o.Keys.Test); key != "" {
			words += " " + key + " tests it."
		}
		b.Prose(th.Dim, words)
		return
	case out.Err != nil:
		b.Problem("It could not be tested: " + fault.Of(out.Err).Line())
		return
	case out.Proven:
		b.Hanging(th.Success, textblock.Indent+th.Glyphs.Verified+" ", "It works: "+out.Score()+".")
	default:
		b.Problem(out.Score() + ".")
	}
	b.Gap()
	drawEvents(b, &out.Result, false)
	if out.Proven {
		o.drawPins(b, out.Result.Components)
	}
}

// drawPins says which headers UP42's signatures cover, and offers to pin them:
// the answer to a test proves that these signatures are UP42's.
func (o *Opener) drawPins(b *textblock.Block, components []string) {
	th, pins := b.Theme, &o.Actions.Pins
	covered := "UP42's signatures cover " + text.Clean(strings.Join(components, ", "), 200)
	switch pinned := pins.Current(); {
	case len(components) == 0:
	case pins.CanPin(components):
		b.Prose(th.Plain, covered+". "+keys.First(o.Keys.Pin)+" pins this list: a signature over anything else is then rejected.")
	case slices.Equal(pinned, components):
		b.Prose(th.Dim, covered+", and that list is pinned.")
	default:
		b.Prose(th.Dim, covered+".")
	}
	if pins.Note() != "" {
		b.Gap()
		b.Hanging(th.Notice, textblock.Indent+th.Glyphs.Verified+" ", pins.Note()+". "+actions.HowToUnpin)
	}
}
