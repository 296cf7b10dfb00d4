package panel

import (
	"fmt"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// details show all that is known about a webhook.
type details struct {
	*Opener
	id string
}

// Details opens the details of a webhook.
func (o *Opener) Details(id string) { o.Stack.Push(&details{o, id}) }

func (d *details) subject() string { return d.id }

func (d *details) Captures() bool { return false }

func (d *details) Press(msg tea.KeyMsg) (tea.Cmd, bool) {
	if !key.Matches(msg, d.Keys.Details) {
		return nil, false
	}
	d.Stack.Close(d)
	return nil, true
}

func (d *details) Hints() []key.Binding {
	k := d.Keys
	return []key.Binding{k.Back, k.Edit, k.Test, k.Remove, k.Reveal, k.CopySecret, k.CopyID, k.PageDown}
}

func (d *details) Draw(b *textblock.Block) {
	th := b.Theme
	w, ok := d.List.Find(d.id)
	if !ok {
		b.Title("Webhook " + text.Clean(d.id, 0))
		b.Gap()
		b.Prose(th.Plain, "It no longer exists. "+keys.First(d.Keys.Back)+" goes back to the list.")
		return
	}
	b.Title("Webhook " + webhook.Name(w))
	b.Gap()
	b.Pair("Name", text.Clean(w.Name, 0))
	b.Pair("ID", text.Clean(w.ID, 0))
	b.Pair("URL", text.Clean(w.URL, 0))
	value, style := d.pointsHere(w.URL)
	b.Styled("Points here", style, value)
	value, style = webhook.Active(th, w.Active)
	b.Styled("Active", style, value)
	b.Pair("Events", webhook.Events(webhook.Sorted(w.Events)))
	value, style = d.secret(w, th)
	b.Styled("Secret", style, value)
	b.Pair("Created", d.moment(w.CreatedAt))
	b.Pair("Changed", d.moment(w.UpdatedAt))
	b.Pair("Last delivery", d.moment(d.List.LastSeen(w.ID)))
	if c := d.Actions.Of(w.ID); c != nil {
		b.Styled("Under way", th.Progress, c.Does+"; "+keys.First(d.Keys.Back)+" gives it up")
	}
	b.Section("Last test")
	d.drawOutcome(b, w)
}

func (d *details) pointsHere(url string) (string, theme.Style) {
	here, known := d.Receiver.PointsHere(url)
	switch {
	case !known:
		return "not known", d.Theme.Plain
	case here:
		return d.Theme.Glyphs.Verified + " yes, its deliveries come to this receiver", d.Theme.Success
	default:
		return "no, its deliveries go elsewhere", d.Theme.Mark
	}
}

func (d *details) secret(w client.Webhook, th *theme.Theme) (string, theme.Style) {
	switch {
	case w.SecretUnknown:
		return "not known: UP42 does not show it", th.Plain
	case w.Secret == "":
		return "none: its deliveries are not signed, anybody could send them", th.Mark
	}
	if keys.First(d.Keys.Reveal) == "" && keys.First(d.Keys.CopySecret) == "" {
		return "set, and not shown here", th.Plain
	}
	n := utf8.RuneCountInString(w.Secret.Reveal())
	return fmt.Sprintf("%s  (%d characters; %s shows it, %s copies it)", w.Secret, n, keys.First(d.Keys.Reveal), keys.First(d.Keys.CopySecret)), th.Plain
}
