package webhooks

import (
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
)

// empty says why there are no webhooks to see, and what to do.
func (p *Page) empty(filtered bool) []string {
	l, g := &p.list, &p.o.Theme.Glyphs
	switch {
	case p.o.API == nil:
		return p.withoutCredentials()
	case l.known && filtered:
		return []string{"Nothing matches the filter.", "", "esc clears it; / changes it."}
	case l.known:
		return append(
			[]string{"There is no webhook in this workspace yet.", ""},
			p.prose("c creates one: UP42 then tells it whenever an order or a job changes.")...,
		)
	case p.reading():
		return []string{"reading the webhooks" + g.Ellipsis, "", "esc gives up."}
	case l.err != nil:
		return append([]string{g.Failed + " The webhooks could not be read.", ""}, p.prose(p.unread())...)
	default:
		return []string{"The webhooks have not been read.", "", "r reads them."}
	}
}

// prose breaks words so that they fit where the list would be.
func (p *Page) prose(words string) []string { return breakWords(words, max(20, min(p.w-4, readable))) }

func (p *Page) withoutCredentials() []string {
	return append(
		p.prose("Webhooks are created, tested, changed and deleted here once up42hooks can sign in to UP42. Start it with one of these:"),
		"    UP42_USERNAME and UP42_PASSWORD",
		"    UP42_CREDENTIALS   the SDK's JSON file that has both",
		"    UP42_TOKEN         an access token from elsewhere",
		"",
		"Without an account, this shows all of it:",
		"    "+text.Clean(p.o.Program, 60)+" demo",
	)
}

// strip is what stands below everything else: a secret for as long as it is
// shown, and what is wrong with the list.
func (p *Page) strip() []string {
	s := p.sheet(p.h)
	th := p.o.Theme
	if r := p.reveal; r != nil {
		left := max(0, r.until.Sub(p.o.Now()))
		s.add(span{th.Mark, " " + th.Glyphs.Arrow + " secret of " + r.name + ", hidden again in " + elapsed.Short(left) + ":"})
		s.verbatim(th.Bold, text.Clean(r.secret.Reveal(), 0))
	}
	if p.topmost() == nil && p.pinNote != "" && p.pinNew {
		s.hanging(th.Notice, " "+th.Glyphs.Verified+" ", p.pinNote+". "+unpin)
	}
	p.drawAge(s)
	return s.lines[:min(len(s.lines), max(0, p.h-3))]
}

// drawAge says how old the list is, and why if it is older than it should be.
// Forms and questions have the room for themselves.
func (p *Page) drawAge(s *sheet) {
	l, th := &p.list, p.o.Theme
	age := p.o.Now().Sub(l.at)
	switch {
	case !l.known || p.Captures():
	case p.recreating() != nil:
		c := p.recreating()
		s.add(span{th.Progress, " " + th.Glyphs.Progress + " " + c.does + " " + c.name + th.Glyphs.Ellipsis + " esc gives up"})
	case p.reading():
		s.add(span{th.Progress, " " + th.Glyphs.Progress + " reading the webhooks" + th.Glyphs.Ellipsis})
	case l.err != nil:
		s.hanging(th.Error, " "+th.Glyphs.Failed+" ", "this is how it was "+elapsed.Long(age)+" ago: "+p.unread())
	case p.topmost() == nil:
		s.add(span{th.Dim, "  read " + elapsed.Long(age) + " ago"})
	}
}

// recreating is the call that creates a webhook anew, nil where there is none:
// it has neither a row nor a form to be shown in.
func (p *Page) recreating() *call {
	if c := p.calls.of(newID); c != nil && c.layer == nil {
		return c
	}
	return nil
}

// unread says why the list could not be read, and what to do.
func (p *Page) unread() string {
	f := faultOf(p.list.err)
	switch {
	case f.hopeless:
		return f.words + ": " + f.do
	case f.do == "" || uncertain(p.list.err):
		return f.words + "; r tries again"
	default:
		return f.words + "; " + f.do + "; r tries again"
	}
}
