package webhooks

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// details is all that is known of a webhook.
type details struct {
	p  *Page
	id string
}

func (d *details) subject() string { return d.id }
func (d *details) captures() bool  { return false }

func (d *details) press(msg tea.KeyMsg) (tea.Cmd, bool) {
	if key.Matches(msg, d.p.keys.details) {
		d.p.closeLayer(d)
		return nil, true
	}
	return d.p.pressAbout(msg)
}

func (d *details) hints() []key.Binding {
	k := &d.p.keys
	return []key.Binding{k.back, k.edit, k.test, k.remove, k.reveal, k.copySecret, k.copyID, k.pageDown}
}

func (d *details) draw(s *sheet) {
	p, th := d.p, d.p.o.Theme
	w, ok := p.webhook(d.id)
	if !ok {
		s.title("Webhook " + text.Clean(d.id, 0))
		s.gap()
		s.prose(th.Plain, "It is not there any more. esc goes back to the list.")
		return
	}
	s.title("Webhook " + shownName(w))
	s.gap()
	s.pair("Name", th.Plain, text.Clean(w.Name, 0))
	s.pair("Id", th.Plain, text.Clean(w.ID, 0))
	s.pair("URL", th.Plain, text.Clean(w.URL, 0))
	words, style := p.hereWords(w.URL)
	s.pair("Points here", style, words)
	s.pair("Active", p.activeStyle(rowOf(w)), p.activeCell(rowOf(w), 0))
	s.pair("Events", th.Plain, eventsIn(rowOf(w).events, 1<<20))
	words, style = secretWords(w, th)
	s.pair("Secret", style, words)
	s.pair("Created", th.Plain, p.moment(w.CreatedAt))
	s.pair("Changed", th.Plain, p.moment(w.UpdatedAt))
	s.pair("Last delivery", th.Plain, p.moment(p.seen[w.ID]))
	if c := p.calls.of(w.ID); c != nil {
		s.pair("Under way", th.Progress, c.does+"; esc gives it up")
	}
	s.section("Last test")
	p.drawOutcome(s, w)
}

func (p *Page) hereWords(url string) (string, theme.Style) {
	here, known := p.pointsHere(url)
	switch {
	case !known:
		return "not known", p.o.Theme.Plain
	case here:
		return p.o.Theme.Glyphs.Verified + " yes, its deliveries come to this receiver", p.o.Theme.Success
	default:
		return "no, its deliveries go elsewhere", p.o.Theme.Mark
	}
}

func secretWords(w client.Webhook, th *theme.Theme) (string, theme.Style) {
	if w.Secret == "" {
		return "none: its deliveries are not signed, anybody could send them", th.Mark
	}
	n := utf8.RuneCountInString(w.Secret.Reveal())
	return fmt.Sprintf("%s  (%d characters; v shows it, Y copies it)", w.Secret, n), th.Plain
}

// moment writes a time down to the second, with its day and how long ago it was.
func (p *Page) moment(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	now := p.o.Now()
	return t.In(now.Location()).Format("2006-01-02 15:04:05 MST") + ", " + elapsed.Long(now.Sub(t)) + " ago"
}
