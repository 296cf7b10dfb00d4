package tui

import (
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// piece is a part of a line. Where the line is too narrow, the pieces with the
// highest drop go first; 0 stays.
type piece struct {
	text  string
	style theme.Style
	drop  int
}

// spread draws pieces at both ends of a line, as many as there is room for.
func (m *Model) spread(left, right []piece) string {
	for m.gap(left, right) < 0 && dropOne(left, right) {
	}
	if over := -m.gap(left, right); over > 0 {
		cutLast(left, over)
	}
	var b strings.Builder
	b.WriteString(" ")
	b.WriteString(draw(left))
	b.WriteString(text.Spaces(m.w - 2 - pieces(left) - pieces(right)))
	b.WriteString(draw(right))
	b.WriteString(" ")
	return b.String()
}

const between = 2 // cells between pieces, and at least that between the two ends

// gap is the room that is left between the two ends of a line.
func (m *Model) gap(left, right []piece) int {
	w := m.w - 2 - pieces(left)
	if r := pieces(right); r > 0 {
		w -= between + r
	}
	return w
}

// cutLast shortens the last piece, where nothing more can be dropped.
func cutLast(all []piece, by int) {
	for i := len(all) - 1; i >= 0; i-- {
		if p := &all[i]; p.text != "" {
			p.text = text.Clean(p.text, max(1, text.Width(p.text)-by))
			return
		}
	}
}

func pieces(all []piece) int {
	w := 0
	for _, p := range all {
		if p.text != "" {
			w += text.Width(p.text) + between
		}
	}
	return max(0, w-between)
}

func draw(all []piece) string {
	var b strings.Builder
	for _, p := range all {
		if p.text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(text.Spaces(between))
		}
		b.WriteString(p.style.Apply(p.text))
	}
	return b.String()
}

// dropOne empties the piece that is missed least; false: none can go.
func dropOne(ends ...[]piece) bool {
	var least *piece
	for _, e := range ends {
		for i := range e {
			if p := &e[i]; p.text != "" && p.drop > 0 && (least == nil || p.drop > least.drop) {
				least = p
			}
		}
	}
	if least == nil {
		return false
	}
	least.text = ""
	return true
}

// headerLine says who we are, whether deliveries can come in, and when the
// last one did.
func (m *Model) headerLine() string {
	left := []piece{{"up42hooks", m.th.Title, 0}, m.liveness(), m.reached(), {m.workspace(), m.th.Dim, 6}, m.handsOn()}
	right := []piece{
		{m.sparkline(), m.th.Accent, 5},
		{count(m.rate.perMinute()) + "/min", m.th.Plain, 2},
		{m.lastArrival(), m.th.Dim, 1},
		{m.o.Now().Format(time.TimeOnly), m.th.Plain, 0},
	}
	return m.spread(left, right)
}

// workspace says which workspace of UP42 the credentials are for, once that is
// known.
func (m *Model) workspace() string {
	const first = 6
	id := text.Clean(m.account.workspace, 40)
	if id == "" {
		return ""
	}
	if r := []rune(id); len(r) > first {
		id = string(r[:first]) + "…"
	}
	return "workspace " + id
}

// liveness says whether this program receives, and where.
func (m *Model) liveness() piece {
	r, g := &m.o.Receiver, &m.th.Glyphs
	address := text.Clean(r.Address, 40)
	switch {
	case m.dead != nil:
		return piece{g.Failed + " stopped", m.th.Error, 0}
	case m.unstored != nil:
		return piece{g.Failed + " " + address + " can't store", m.th.Error, 0}
	case r.Viewer:
		return piece{g.Quiet + " viewer of " + address, m.th.Mark, 0}
	default:
		return piece{g.Live + " " + address, m.th.Success, 0}
	}
}

// lastArrival tells when the last delivery came, whatever its verdict: the
// proof that the way in is open.
func (m *Model) lastArrival() string {
	switch at := m.counts.LastArrival; {
	case !m.ready:
		return ""
	case at.IsZero():
		return "nothing yet"
	default:
		return "last " + elapsed.Short(m.o.Now().Sub(at)) + " ago"
	}
}

// sparkline draws the rate of the last minute, if there was anything.
func (m *Model) sparkline() string {
	if m.rate.perMinute() == 0 {
		return ""
	}
	return m.th.Glyphs.Sparkline(m.rate.series())
}

// tabsLine names the pages, and counts deliveries by verdict.
func (m *Model) tabsLine() string {
	tabs := m.tabs()
	return m.spread(tabs, m.verdicts(m.gap(tabs, nil)-between))
}

// tabs are the pages with how much each has; without where there is no room
// for that.
func (m *Model) tabs() []piece {
	for _, counted := range []bool{true, false} {
		out := make([]piece, m.pages())
		for p := range m.pages() {
			out[p] = m.tab(p, counted)
		}
		if pieces(out)+2 <= m.w || !counted {
			return out
		}
	}
	return nil
}

func (m *Model) tab(p pageID, counted bool) piece {
	s := strconv.Itoa(int(p)+1) + " " + p.String()
	if n, known := m.has(p); known && counted {
		s += " " + count(n)
	}
	s += " "
	if p == m.page {
		return piece{s, m.th.Tab, 0}
	}
	return piece{s, m.th.Dim, 0}
}

// has is how much there is of a page's kind: in the store, and at UP42.
func (m *Model) has(p pageID) (n int64, known bool) {
	switch p {
	case webhooksPage:
		n, known := m.webhooks.Count()
		return int64(n), known
	case undeliveredPage:
		n, known := m.undelivered.Count()
		return int64(n), known
	case eventsPage:
		return m.stored(p), m.ready
	default:
		return m.stored(p) + int64(m.statusPage(p).Alone()), m.ready
	}
}

// verdicts counts deliveries, in words where there is room for all of them that
// there are, else in shorter ones, at last by their glyphs.
func (m *Model) verdicts(room int) []piece {
	if !m.ready {
		return []piece{{"reading the store" + m.th.Glyphs.Ellipsis, m.th.Dim, 0}}
	}
	var out []piece
	for brief := range verdictGlyphs + 1 {
		var needed []piece
		if out, needed = m.tallied(brief); pieces(needed) <= room {
			break
		}
	}
	return out
}

// brevity is how few words the counts of verdicts have.
type brevity int

const (
	verdictWords brevity = iota
	shortDuplicates
	// goodGlyph counts those of full trust in one.
	goodGlyph
	verdictGlyphs
)

// tallied are the counts of verdicts. What there is none of is dropped first,
// and what needs looking at last; needed are those that there are.
func (m *Model) tallied(brief brevity) (all, needed []piece) {
	add := func(n int64, words string, style theme.Style, drop int) {
		p := piece{words, style, drop}
		if n > 0 {
			needed = append(needed, p)
		} else {
			p.style, p.drop = m.th.Dim, drop+10
		}
		all = append(all, p)
	}
	verdict := func(n int64, v receiver.Verdict, glyphs brevity, style theme.Style, drop int) {
		if brief < glyphs {
			add(n, count(n)+" "+string(v), style, drop)
		} else {
			add(n, m.th.Glyphs.Verdict(v)+" "+count(n), style, drop)
		}
	}
	c, th := m.counts, m.th
	if brief >= goodGlyph {
		c.Verified, c.Trusted = c.Verified+c.Trusted, 0 // they are worth the same, and have the same glyph
	}
	verdict(c.Verified, receiver.Verified, goodGlyph, th.Success, 2)
	if c.Trusted > 0 {
		verdict(c.Trusted, receiver.Trusted, goodGlyph, th.Success, 5)
	}
	verdict(c.Partial, receiver.Partial, verdictGlyphs, th.Mark, 4)
	if c.Unsigned > 0 {
		verdict(c.Unsigned, receiver.Unsigned, verdictGlyphs, th.Mark, 3)
	}
	verdict(c.Rejected, receiver.Rejected, verdictGlyphs, th.Failure, 1)
	if m.strays > 0 {
		add(m.strays, counted(m.strays, "stray", "strays"), th.Mark, 3)
	}
	if brief < shortDuplicates {
		add(c.Duplicates, counted(c.Duplicates, "duplicate", "duplicates"), th.Dim, 6)
	} else {
		add(c.Duplicates, count(c.Duplicates)+" dup", th.Dim, 6)
	}
	return all, needed
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// count is a number with its thousands parted.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
