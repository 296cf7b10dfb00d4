package tui

import (
	"fmt"
	"slices"
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

// bodyHeight is the room for a page: a warning that is long takes a line of it.
func (m *Model) bodyHeight() int { return max(0, m.h-chrome+1-max(1, len(m.warned()))) }

// fit gives the pages the room that there is.
func (m *Model) fit() {
	now := room{m.w, m.bodyHeight()}
	if now == m.room {
		return
	}
	m.room = now
	for _, l := range m.lists {
		l.SetSize(now.w, now.h)
	}
	m.details.SetSize(now.w, now.h)
}

// room is how much there is for a page.
type room struct{ w, h int }

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
	parts := slices.Concat([]string{m.headerLine(), m.tabsLine()}, m.topRule(), []string{m.body()}, m.bottomLines())
	for i, part := range parts {
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

// ascii says whether the terminal can do no more.
func (m *Model) ascii() bool { return m.th.Glyphs.Rule == "-" }

func (m *Model) rules(n int) string { return strings.Repeat(m.th.Glyphs.Rule, max(0, n)) }

// label is a piece of the bottom rule.
type label struct {
	text  string
	style theme.Style
	// brief is what stays where there is no room for text; "": nothing.
	brief string
}

// bottomLines are the rule that says how the list is looked at (filter, order,
// pause, place) and the footer. A note that is long begins on the rule.
func (m *Model) bottomLines() []string {
	switch {
	case m.prompt != nil && m.prompt.fault != nil:
		return []string{m.faultRule(), m.footerLine()}
	case m.prompt == nil && m.note.text != "":
		return m.noteLines()
	default:
		return []string{m.labelled(m.w), m.footerLine()}
	}
}

// labelled is the right end of the bottom rule, with as many labels as there is
// room for.
func (m *Model) labelled(room int) string {
	labels := fewer(m.labels(), room)
	width := widthOf(labels)
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

func widthOf(labels []label) (width int) {
	for _, l := range labels {
		width += text.Width(l.text) + 3
	}
	return width
}

// fewer are as many of the labels as there is room for. Those that can be brief
// are, before one of them goes.
func fewer(labels []label, room int) []label {
	labels = slices.Clone(labels)
	for _, brief := range []bool{true, false} {
		for i := 0; i < len(labels) && len(labels) > 1 && widthOf(labels)+2 > room; {
			if l := &labels[i]; brief && l.brief != "" {
				l.text = l.brief
				i++
				continue
			}
			labels = slices.Delete(labels, i, i+1)
		}
	}
	return labels
}

// labels are ordered by how much they matter, least first.
func (m *Model) labels() []label {
	l := m.list()
	shown, total := l.Len()
	var out []label
	add := func(s string, style theme.Style) {
		if s != "" {
			out = append(out, label{text: s, style: style})
		}
	}
	if m.helping {
		add(text.Clean(m.tilde(m.o.Receiver.Store), m.w/2), m.th.Dim)
		add("up42hooks "+text.Clean(m.o.Version, 20), m.th.Dim)
		add(m.helpWhere(), m.th.Plain)
		return out
	}
	if m.detailed {
		add(m.details.Where(), m.th.Dim)
	} else {
		if live := shown > 0 && !m.paused && m.page != webhooksPage; live && l.Follows() {
			add("following", m.th.Dim)
		} else if live {
			add("g follows", m.th.Dim)
		}
		add("sort: "+l.OrderName(), m.th.Dim)
		add(m.ofStore(total), m.th.Dim)
		add(m.unlisted(), m.th.Mark)
		if f := m.filterTitle(); f != "" {
			words := fmt.Sprintf("filter: %s (%s of %s)", f, count(int64(shown)), count(int64(total)))
			out = append(out, label{words, m.th.Accent, "filtered"})
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
	gave := "UP42 not reached"
	if answered(m.account.lists[m.page].err) {
		gave = "UP42 gave no list"
	}
	return gave + ": names and older rows are missing"
}

// stored is how much of a page's kind the store has.
func (m *Model) stored(p pageID) int64 {
	switch p {
	case jobsPage, ordersPage:
		return m.counts.Rows.Of(kindOf(p))
	default:
		return m.counts.Events() + m.counts.Rejected
	}
}
