package tui

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	minWidth, minHeight = 60, 15
	// chrome is the lines around a page: header, tabs, rule, rule, footer.
	chrome = 5
)

// frameLines are kept until something changes.
type frameLines struct {
	stale bool
	whole string
}

func (m *Model) bodyHeight() int { return max(0, m.h-chrome) }

// View joins the screen's lines. It never is wider or taller than the terminal:
// Bubble Tea would cut it at the top.
func (m *Model) View() string {
	if m.w == 0 || m.h == 0 {
		return ""
	}
	if m.frame.stale || m.frame.whole == "" {
		m.frame.whole, m.frame.stale = m.draw(), false
	}
	return m.frame.whole
}

func (m *Model) draw() string {
	if m.w < minWidth || m.h < minHeight {
		return m.drawTooSmall()
	}
	var b strings.Builder
	b.Grow((m.w + 64) * m.h)
	for i, part := range []string{m.headerLine(), m.tabsLine(), m.topRule(), m.body(), m.bottomRule(), m.footerLine()} {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(part)
	}
	return b.String()
}

func (m *Model) body() string {
	switch {
	case m.helping:
		return m.helpView()
	case m.detailed:
		return m.details.View()
	default:
		return m.list().View()
	}
}

func (m *Model) drawTooSmall() string {
	words := []string{
		fmt.Sprintf("terminal too small: %d×%d needed", minWidth, minHeight),
		fmt.Sprintf("it is %d×%d", m.w, m.h),
	}
	if m.ascii() {
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "×", "x")
		}
	}
	lines := make([]string, m.h)
	top := max(0, (m.h-len(words))/2)
	for i := range lines {
		s := ""
		if n := i - top; n >= 0 && n < len(words) {
			s = text.Spaces((m.w-text.Width(words[n]))/2) + words[n]
		}
		lines[i] = text.Fit(s, m.w)
	}
	return strings.Join(lines, "\n")
}

// topRule parts the frame from the page, or says what is wrong for as long as
// it is.
func (m *Model) topRule() string {
	switch {
	case m.dead != nil:
		return m.alarm("the receiver stopped, nothing comes in: " + m.dead.Error())
	case m.unstored != nil:
		return m.alarm("deliveries can't be stored, senders are told to try again: " + m.unstored.Error())
	case m.unread != nil:
		return m.alarm("can't read the store, trying again: " + m.unread.Error())
	case m.events.Err() != nil && m.page == eventsPage:
		return m.alarm("can't read older events: " + m.events.Err().Error())
	}
	if m.page == undeliveredPage && m.undelivered.Err() != nil {
		return m.alarm("can't read what could not be handed on, trying again: " + m.undelivered.Err().Error())
	}
	for _, caution := range []string{m.unreached(), m.failingTarget()} {
		if caution != "" {
			return caution
		}
	}
	return m.underline()
}

// underline is a rule that is heavier under the page's tab.
func (m *Model) underline() string {
	from, tabs := 1, m.tabs()
	for p := range m.page {
		from += text.Width(tabs[p].text) + between
	}
	heavy := strings.Repeat(m.heavyRule(), text.Width(strings.TrimRight(tabs[m.page].text, " ")))
	return m.th.Rule.Apply(m.rules(from)) + m.th.Tab.Apply(heavy) + m.th.Rule.Apply(m.rules(m.w-from-text.Width(heavy)))
}

func (m *Model) heavyRule() string {
	if m.ascii() {
		return "="
	}
	return "━"
}

// ascii says whether the terminal can do no more.
func (m *Model) ascii() bool { return m.th.Glyphs.Rule == "-" }

func (m *Model) alarm(words string) string {
	g := &m.th.Glyphs
	s := text.Clean(words, m.w-8)
	return m.th.Rule.Apply(m.rules(2)) + m.th.Error.Apply(" "+g.Failed+" "+s+" ") + m.th.Rule.Apply(m.rules(m.w-6-text.Width(s)))
}

// aroundCaution is what of a rule is not the words of a caution.
const aroundCaution = 8

// cautious is a rule that says what does not work, where the receiver does.
func (m *Model) cautious(words string) string {
	words = text.Clean(words, m.w-aroundCaution)
	return m.th.Rule.Apply(m.rules(2)) + m.th.Mark.Apply(" "+m.th.Glyphs.Arrow+" "+words+" ") + m.th.Rule.Apply(m.rules(m.w-6-text.Width(words)))
}

func (m *Model) rules(n int) string { return strings.Repeat(m.th.Glyphs.Rule, max(0, n)) }

// label is a piece of the bottom rule.
type label struct {
	text  string
	style theme.Style
}

// bottomRule says how the list is looked at: filter, order, pause, place.
func (m *Model) bottomRule() string {
	if m.prompt != nil && m.prompt.fault != nil {
		return m.faultRule()
	}
	return m.labelled(m.w)
}

// labelled is the right end of the bottom rule, with as many labels as there is
// room for.
func (m *Model) labelled(room int) string {
	labels := m.labels()
	width := 0
	for _, l := range labels {
		width += text.Width(l.text) + 3
	}
	for len(labels) > 1 && width+2 > room {
		width -= text.Width(labels[0].text) + 3
		labels = labels[1:]
	}
	if width+2 > room {
		return m.th.Rule.Apply(m.rules(room))
	}
	var b strings.Builder
	b.WriteString(m.th.Rule.Apply(m.rules(room - width - 1)))
	for _, l := range labels {
		b.WriteString(l.style.Apply(" " + l.text + " "))
		b.WriteString(m.th.Rule.Apply(m.rules(1)))
	}
	b.WriteString(m.th.Rule.Apply(m.rules(1)))
	return b.String()
}

// labels are ordered by how much they matter, least first.
func (m *Model) labels() []label {
	l := m.list()
	shown, total := l.Len()
	var out []label
	add := func(s string, style theme.Style) {
		if s != "" {
			out = append(out, label{s, style})
		}
	}
	if m.helping {
		add(text.Clean(m.o.Receiver.Store, m.w/2), m.th.Dim)
		add("up42hooks "+text.Clean(m.o.Version, 20), m.th.Dim)
		return out
	}
	if m.detailed {
		add(m.details.Where(), m.th.Dim)
	} else {
		add("sort: "+l.OrderName(), m.th.Dim)
		add(m.ofStore(total), m.th.Dim)
		add(m.unlisted(), m.th.Mark)
		if f := m.filterTitle(); f != "" {
			add(fmt.Sprintf("filter: %s (%s of %s)", f, count(int64(shown)), count(int64(total))), m.th.Accent)
		}
		if l.Busy() {
			add("working"+m.th.Glyphs.Ellipsis, m.th.Dim)
		}
	}
	add(m.underWay(), m.th.Accent)
	if m.paused && m.page != webhooksPage {
		add(fmt.Sprintf("PAUSED +%s new", count(int64(l.New()))), m.th.Mark)
	}
	if shown > 0 {
		add(fmt.Sprintf("%s/%s", count(int64(l.Index()+1)), count(int64(shown))), m.th.Plain)
	}
	return out
}

// ofStore says where the store has more than is here.
func (m *Model) ofStore(total int) string {
	if !m.ready || m.paused || m.page > eventsPage {
		return ""
	}
	stored := m.stored(m.page)
	if m.page != eventsPage {
		total -= m.statusPage(m.page).Alone() // what only UP42 has is no part of it
	}
	if m.page == eventsPage && !m.events.More() && int64(total) < stored {
		// What was rejected long ago is counted, and no longer kept.
		stored = m.counts.Events()
	}
	if stored <= int64(total) {
		return ""
	}
	return fmt.Sprintf("%s of %s read", count(int64(total)), count(stored))
}

// unlisted says that what UP42 lists is missing.
func (m *Model) unlisted() string {
	if m.page > ordersPage || m.account.lists[m.page].err == nil {
		return ""
	}
	return "without UP42's list"
}

// stored is how much of a page's kind the store has.
func (m *Model) stored(p pageID) int64 {
	switch p {
	case jobsPage:
		return m.counts.Jobs
	case ordersPage:
		return m.counts.Orders
	default:
		return m.counts.Events() + m.counts.Rejected
	}
}
