package tui

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/frame"
)

// View joins the screen's lines. It is never wider or taller than the terminal, as
// Bubble Tea would cut it at the top.
func (m *Model) View() string {
	if m.canvas.W == 0 || m.canvas.H == 0 {
		return ""
	}
	if m.drawn.stale || m.drawn.screen == "" {
		m.drawn.screen, m.drawn.stale = m.draw(), false
	}
	return m.drawn.screen
}

// fit gives the pages the room that there is. A warning and a note take one or two lines of
// it.
func (m *Model) fit() {
	w, h := m.canvas.W, m.canvas.PageHeight(len(m.canvas.Warn(m.warning())), len(m.note()))
	if w == m.drawn.w && h == m.drawn.h {
		return
	}
	m.drawn.w, m.drawn.h = w, h
	m.pages.setSize(w, h)
	m.nav.details.SetSize(w, h)
	m.help.SetHeight(h)
}

func (m *Model) draw() string {
	c := &m.canvas
	if c.TooSmall() {
		return c.DrawTooSmall()
	}
	counts := counter{pages: &m.pages, counts: m.follower.Counts(), ready: m.follower.Ready()}
	header := frame.Header{
		Receiver: m.receiver, Rate: &m.rate, Workspace: m.account.Workspace(), Targets: m.forwarding.Header(),
		Ready: counts.ready, LastArrival: counts.counts.LastArrival, Now: m.o.Now(),
	}
	tabs := counts.tabs(m.nav.count())
	verdicts := frame.Verdicts{Ready: counts.ready, Counts: counts.counts}
	lines := slices.Concat([]string{header.Line(c), tabs.Line(c, verdicts), tabs.Underline(c)}, c.Warn(m.warning()), []string{m.body()}, m.bottom(&counts))
	return strings.Join(lines, "\n")
}

// body is the page, the details or the help.
func (m *Model) body() string {
	if m.help.Shown() {
		return m.help.View()
	}
	return m.nav.shown().View()
}

// bottom is the rule below the page, a note and the footer.
func (m *Model) bottom(counts *counter) []string {
	labels := m.labels(counts)
	if m.prompt != nil {
		return m.prompt.Lines(&m.canvas, labels)
	}
	lines := append([]string{m.canvas.Labels(labels, m.canvas.W)}, m.note()...)
	return append(lines, m.footer())
}

// note is the note above the footer. A prompt takes its place.
func (m *Model) note() []string {
	if m.prompt != nil {
		return nil
	}
	return m.notes.Lines(&m.canvas)
}

// footer has the keys that matter now.
func (m *Model) footer() string {
	f := footer{
		canvas: &m.canvas, keys: m.keys, page: m.pages.current, pages: m.nav.count(), paused: m.pages.paused(),
		canForward: m.forwarding.HasTargets(), canRefresh: m.o.API != nil,
	}
	if s := m.nav.details.Subject(); m.nav.detailed {
		f.canAdmit = s.Rejected && m.offer.Good(s.Seq)
	} else {
		f.canAdmit = m.offer.Count() > 0
	}
	switch {
	case m.help.Shown():
		return f.help()
	case m.nav.detailed:
		return f.details()
	case f.page == onWebhooks:
		return f.webhooks(m.pages.webhooks.Hints(), m.pages.captured(), m.pages.webhooks.Over())
	default:
		return f.list()
	}
}

// warning is the worst that is wrong.
func (m *Model) warning() frame.Warning {
	r := m.receiver
	alarm := func(words string) frame.Warning { return frame.Alarm(m.o.Theme, m.home.Shorten(words)) }
	caution := func(words string) frame.Warning { return frame.Caution(m.o.Theme, m.home.Shorten(words)) }
	switch undelivered, older := m.pages.undelivered.Err(), m.pages.olderErr(); {
	case r.Stopped != nil && r.Viewer:
		return alarm("nothing comes in: " + r.Stopped.Error())
	case r.Stopped != nil:
		return alarm("start up42hooks again: the receiver stopped, nothing comes in: " + r.Stopped.Error())
	case r.StoreError != nil:
		return alarm("can't store: " + r.StoreError.Error() + "; senders are told to try again")
	case m.follower.Err() != nil:
		return alarm("can't read the store, trying again: " + m.follower.Err().Error())
	case older != nil:
		return alarm("can't read older " + strings.ToLower(m.pages.current.String()) + ", trying again: " + older.Error())
	case undelivered != nil && m.pages.current == onUndelivered:
		return alarm("can't read the undelivered events, trying again: " + undelivered.Error())
	case r.TunnelError() != "":
		return caution(r.TunnelError())
	case m.forwarding.Failure(m.canvas.W-frame.WarningMargin) != "":
		return caution(m.forwarding.Failure(m.canvas.W - frame.WarningMargin))
	default:
		return caution(m.offer.Caution())
	}
}
