package detail

import "github.com/up42/up42-webhooks/tui/text"

func (p *Page) writer() *writer {
	now := p.o.Now()
	return &writer{theme: p.o.Theme, location: now.Location(), now: now, width: p.w, nameOf: p.o.NameOf, workspace: p.o.Workspace}
}

// listing is what UP42's API says of the subject, nil where it says nothing.
func (p *Page) listing() *Listing {
	if p.o.Listing == nil || !p.subject.isRow() {
		return nil
	}
	if l, ok := p.o.Listing(p.subject.Key); ok {
		return &l
	}
	return nil
}

// layout makes the lines anew, for another width or other contents.
func (p *Page) layout() {
	p.layoutTail()
	p.layoutHead()
	p.scrollTo(p.top)
}

// layoutHead makes the lines that tell ages, once a second.
func (p *Page) layoutHead() {
	w, l := p.writer(), p.listing()
	switch m := p.loaded; {
	case m == nil:
		w.add(line{{w.theme.Dim, indent + "reading the store" + w.theme.Glyphs.Ellipsis}})
	case m.err != nil:
		w.wrapped(line{{w.theme.Error, indent + w.theme.Glyphs.Failed + " " + text.Clean(m.err.Error(), 0)}}, len(indent))
	case m.row != nil:
		w.row(m.row, l)
	case m.event != nil:
		w.event(m.event)
		w.undelivered(p.subject.Undelivered)
	case l != nil:
		w.alone(p.subject.Key.Kind, l)
	default:
		w.prose(w.theme.Plain, p.gone())
	}
	p.head, p.headSections = w.lines, w.sections
	p.stale = true
}

// gone says why there is nothing to show.
func (p *Page) gone() string {
	if p.subject.Rejected {
		return "This delivery is no longer kept: of the rejected ones only the newest stay in the store."
	}
	return "The store has no such thing any more."
}

func (p *Page) layoutTail() {
	w := p.writer()
	if m := p.loaded; m != nil && m.event != nil && m.err == nil {
		ofRow := m.row != nil
		w.below = true
		if ofRow {
			w.body(m.event, bodyTitle(m.event, true), m.body, m.cut)
			w.verdict(m.event)
		} else {
			w.verdict(m.event)
			w.body(m.event, bodyTitle(m.event, false), m.body, m.cut)
		}
		w.headers(m.event.Headers)
	} else if m != nil && m.row != nil && m.err == nil {
		w.gap()
		w.prose(w.theme.Dim, "Its newest event is no longer in the store.")
	}
	p.tail, p.tailSections = w.lines, w.sections
}
