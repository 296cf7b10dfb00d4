package tui

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/pane"
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

// fit gives the pages the room that there is. A warning and a note take some lines of it,
// and a pane some columns.
func (m *Model) fit() {
	m.nav.details.Focus(m.nav.detailed)
	warning := len(m.canvas.Warn(m.warning()))
	h := m.canvas.PageHeight(warning, m.more())
	now := sizes{w: m.canvas.W, h: h, top: frame.Above + warning, list: m.canvas.W, details: m.canvas.W, detailsHeight: h}
	if m.nav.beside() {
		now.list, now.details = m.nav.pane.Split(m.canvas.W)
		now.detailsHeight -= actionsHeight(h)
	}
	if now == m.drawn.sizes {
		return
	}
	m.drawn.sizes = now
	m.pages.setSize(now.w, now.list, now.h)
	m.nav.details.SetSize(now.details, now.detailsHeight)
	m.help.SetHeight(h)
}

// more is how many lines are below the page besides the rule and the footer.
func (m *Model) more() int {
	if m.prompt != nil {
		return m.prompt.Height(&m.canvas) - 2
	}
	return len(m.note())
}

// actionsHeight is how many lines of a pane list what can be done. A low one has no such lines.
func actionsHeight(h int) int {
	if h < 3*pane.ActionsHeight {
		return 0
	}
	return pane.ActionsHeight
}

func (m *Model) draw() string {
	c := &m.canvas
	if c.TooSmall() {
		return c.DrawTooSmall()
	}
	counts := counter{pages: &m.pages, counts: m.follower.Shown(), ready: m.follower.Ready()}
	header := frame.Header{
		Receiver: m.receiver, Rate: &m.rate, Workspace: m.account.Workspace(), Targets: m.forwarding.Header(),
		Ready: counts.ready, LastArrival: counts.counts.LastArrival, Now: m.o.Now(),
	}
	tabs := counts.tabs(m.nav.count())
	verdicts := frame.Verdicts{Ready: counts.ready, Counts: counts.counts}
	lines := slices.Concat([]string{header.Line(c)}, tabs.Lines(c, verdicts), c.Warn(m.warning()), []string{frame.Over(m.body(), m.over())}, m.bottom(&counts))
	return strings.Join(lines, "\n")
}

// body is the page with the details beside it, the details or the help.
func (m *Model) body() string {
	switch {
	case m.help.Shown():
		return m.help.View()
	case !m.nav.beside():
		return m.nav.shown().View()
	}
	details, size := m.nav.details.View(), &m.drawn.sizes
	if size.detailsHeight < size.h {
		details += "\n" + pane.Actions(&m.canvas, slices.Concat(m.actions()), size.details)
	}
	return pane.Join(m.o.Theme, m.pages.list().View(), details, m.nav.detailed)
}

// over is what lies over the last lines of the body: the list of what can be typed. Three lines of
// the page stay visible.
func (m *Model) over() []string {
	const visible = 3
	if p, ok := m.prompt.(interface {
		Over(c *frame.Canvas, room int) []string
	}); ok {
		return p.Over(&m.canvas, m.drawn.sizes.h-visible)
	}
	return nil
}

// bottom is the rule below the page, a note and the footer.
func (m *Model) bottom(counts *counter) []string {
	labels := m.labels(counts)
	if m.prompt != nil {
		return m.prompt.Lines(&m.canvas, labels)
	}
	crumbs, width := m.canvas.Crumbs(m.nav.crumbs())
	lines := append([]string{crumbs + m.canvas.Labels(labels, m.canvas.W-width)}, m.note()...)
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
		pane: m.nav.paneHint(keys.First(m.keys.Pane)), back: m.nav.backHint(),
	}
	f.actions, f.others = m.actions()
	hints, marked := marking{m}.hints()
	switch {
	case m.help.Shown():
		return f.help()
	case m.nav.detailed:
		return f.details()
	case f.page == onOverview:
		return f.overview()
	case marked:
		return f.marked(hints)
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
		return alarm("nothing comes in: " + why(m.o.Private, r.Stopped))
	case r.Stopped != nil:
		return alarm("start up42hooks again: the receiver stopped, nothing comes in: " + why(m.o.Private, r.Stopped))
	case r.StoreError != nil:
		return alarm("can't store: " + why(m.o.Private, r.StoreError) + "; senders are told to try again")
	case m.follower.Err() != nil:
		return alarm("can't read the store, trying again: " + why(m.o.Private, m.follower.Err()))
	case older != nil:
		return alarm("can't read older " + strings.ToLower(m.pages.current.String()) + ", trying again: " + why(m.o.Private, older))
	case undelivered != nil && m.pages.current == onUndelivered:
		return alarm("can't read the undelivered events, trying again: " + why(m.o.Private, undelivered))
	case r.NotRecorded != nil:
		return caution("nothing more is recorded: " + why(m.o.Private, r.NotRecorded))
	case r.TunnelError() != "":
		return caution(r.TunnelError())
	case r.TeamError() != "":
		return caution(r.TeamError())
	case m.forwarding.Failing():
		return caution(m.forwarding.Failure(m.canvas.W, m.pages.current == onUndelivered))
	default:
		return caution(m.offer.Caution())
	}
}

// why is the cause of a warning.
func why(private bool, err error) string {
	if private {
		return "the reason is not shown"
	}
	return err.Error()
}
