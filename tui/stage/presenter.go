package stage

import (
	"crypto/rand"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/session"
	"github.com/up42/up42-webhooks/tui/stage/bigtext"
	"github.com/up42/up42-webhooks/tui/stage/mask"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Mode is whether the presenter's mode is on, and its stand-ins. The zero value is that of a start.
type Mode struct {
	presenting bool
	standIns   *mask.StandIns
}

// begin returns the mode in which a stage begins.
func (o *Options) begin() *Mode {
	m := o.Mode
	if m == nil {
		m = new(Mode)
	}
	if m.standIns == nil {
		key := o.Key
		if key == nil {
			key = []byte(rand.Text())
		}
		m.standIns = mask.New(key)
	}
	m.presenting = m.presenting || o.Masked
	return m
}

// shownAs is how the screen shows a text of a script: in the presenter's mode a webhook has a stand-in.
func (m *Mode) shownAs(text string) string {
	if m.presenting {
		return m.standIns.Words(text)
	}
	return text
}

// togglePresenting shows stand-ins and large counters, or what is real. What is under way would end
// unseen.
func (s *Stage) togglePresenting() tea.Cmd {
	if s.model.Busy(keys.First(s.keys.Present)) {
		return nil
	}
	s.mode.presenting = !s.mode.presenting
	if s.paused {
		s.paused = false // another dashboard is not paused
		s.set.World.SetPaused(false)
	}
	return s.replace(s.otherSession(), nil)
}

// otherSession is the session in the mode that begins: how the user looks at the lists is as it was
// when that mode ended, but for what has no names.
func (s *Stage) otherSession() session.Session {
	is := s.model.Session()
	now := is.View
	is.View, s.aside = s.aside, now
	is.View.State = now.State.FiltersOf(is.View.State)
	if s.mode.presenting {
		is.Webhooks = s.mode.standIns.Webhooks(is.Webhooks)
	} else {
		is.Webhooks = s.mode.standIns.RealWebhooks(is.Webhooks)
	}
	return is
}

// nameOf is how the corner calls a key.
func nameOf(msg tea.KeyMsg) string {
	if msg.Type == tea.KeySpace || msg.String() == " " {
		return "space"
	}
	return text.Clean(msg.String(), 12)
}

// counter is a large number with its name.
type counter struct {
	n     int64
	name  string
	style theme.Style
}

func (s *Stage) counters(c receiver.Counts) []counter {
	th := s.theme()
	return []counter{
		{c.Verified + c.Trusted, "verified", th.Success}, {c.Rejected, "rejected", th.Failure}, {c.Duplicates, "duplicates", th.Mark},
	}
}

// drawCounters draws the counters in large digits, and the last key in the corner.
func (s *Stage) drawCounters() []string {
	if !s.mode.presenting {
		return nil
	}
	counts, _ := s.model.Counts()
	all := s.counters(counts)
	var lines [bigtext.Height]strings.Builder
	used := 0
	room := s.w - s.cornerWidth()
	for _, c := range all {
		drawn, width := s.drawCounter(c)
		if used+width > room {
			break
		}
		used += width
		for i := range lines {
			lines[i].WriteString(drawn[i])
		}
	}
	out := make([]string, len(lines))
	for i := range lines {
		out[i] = lines[i].String() + text.Spaces(room-used) + s.corner(i)
	}
	return out
}

// drawCounter draws one counter: the digits, and the name beside the last line.
func (s *Stage) drawCounter(c counter) (lines [bigtext.Height]string, width int) {
	const before, between, after = 1, 1, 3
	digits := number.Format(c.n)
	big := bigtext.Lines(digits, s.plain())
	width = before + bigtext.Width(digits) + between + text.Width(c.name) + after
	for i, l := range big {
		name := ""
		if i == len(big)-1 {
			name = c.name
		}
		lines[i] = text.Spaces(before) + c.style.Apply(l) + text.Spaces(between) + s.theme().Bold.Apply(text.Fit(name, text.Width(c.name)+after))
	}
	return lines, width
}

func (s *Stage) cornerWidth() int {
	const least = 9
	return max(least, text.Width(s.lastKey)+4)
}

// corner draws a line of the corner: the last key as a key cap.
func (s *Stage) corner(line int) string {
	w := s.cornerWidth()
	if s.lastKey == "" {
		return text.Spaces(w)
	}
	cap := text.Spaces(2) + text.Fit(s.lastKey, text.Width(s.lastKey)) + text.Spaces(2)
	if line != 1 {
		cap = text.Spaces(text.Width(cap))
	}
	return text.Spaces(w-text.Width(cap)) + s.theme().Caret.Apply(cap)
}
