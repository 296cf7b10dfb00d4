package panel

import (
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// webhookTest shows a test of a webhook, while it is under way and afterwards.
type webhookTest struct {
	*Opener
	webhook client.Webhook
	began   time.Time
	result  roundtrip.Result
}

// Test tests a webhook and shows the test.
func (o *Opener) Test(w client.Webhook) tea.Cmd {
	if o.Actions.Busy(w.ID) {
		return nil
	}
	if old, ok := o.Stack.Top().(*webhookTest); ok {
		o.Stack.Close(old)
	}
	t := &webhookTest{Opener: o, webhook: w, began: o.Now()}
	o.Stack.Push(t)
	return o.Actions.Test(w, t, func(r roundtrip.Result) { t.result = r })
}

func (t *webhookTest) subject() string { return t.webhook.ID }

func (t *webhookTest) Captures() bool { return false }

// Press leaves all keys to the page.
func (t *webhookTest) Press(tea.KeyMsg) (tea.Cmd, bool) { return nil, false }

// Close keeps the panel open: it shows the outcome.
func (t *webhookTest) Close() {}

// Fail does not use the words: the panel shows the outcome, which has them.
func (t *webhookTest) Fail(string) bool { return true }

func (t *webhookTest) Hints() []key.Binding {
	k := t.Keys
	if t.Actions.From(t) != nil {
		return t.giveUpHint(t)
	}
	out := []key.Binding{k.Back, k.Test}
	if t.Actions.Pins.Possible(&t.result) {
		out = append(out, k.Pin)
	}
	return append(out, k.Edit, k.Remove, k.Details, k.PageDown)
}

func (t *webhookTest) Draw(b *textblock.Block) {
	th, w := b.Theme, t.webhook
	if now, ok := t.List.Find(w.ID); ok {
		w = now // it may have changed since
	}
	b.Title("Test of " + webhook.Name(w))
	b.Prose(th.Dim, text.Clean(w.URL, b.Width-8))
	b.Gap()
	if !w.Active {
		b.Remark("It is off: UP42 sends nothing but tests now.")
		b.Gap()
	}
	if t.Actions.From(t) != nil {
		t.drawRunning(b)
		return
	}
	if o, ok := t.Actions.Outcome(w.ID); !ok || o.At.Before(t.began) {
		b.Prose(th.Mark, "The test was given up; "+keys.First(t.Keys.Test)+" starts another one.")
		drawEvents(b, &t.result, false)
		return
	}
	t.drawOutcome(b, w)
}

func (t *webhookTest) drawRunning(b *textblock.Block) {
	doing := "asking UP42 to send its test events"
	if t.result.Sent {
		doing = "waiting for what UP42 sent"
	}
	b.Running(doing + b.Theme.Glyphs.Ellipsis + " " + elapsed.Long(t.Now().Sub(t.began)) + ", " + t.givesUp(t))
	b.Gap()
	drawEvents(b, &t.result, true)
}
