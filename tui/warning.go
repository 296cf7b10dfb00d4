package tui

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// warning is what the rule above the page says for as long as it is so.
type warning struct {
	glyph string
	style theme.Style
	words string // clean; "": nothing is wrong
}

// alarm is a warning that deliveries or the screen are not what they should be.
func (m *Model) alarm(words string) warning {
	return warning{m.th.Glyphs.Failed, m.th.Error, text.Clean(m.tilde(words), 0)}
}

// caution is a warning of what does not work, where the receiver does.
func (m *Model) caution(words string) warning {
	return warning{m.th.Glyphs.Arrow, m.th.Mark, text.Clean(m.tilde(words), 0)}
}

// warning is the worst that there is to say. What to do comes as early as can be:
// the end may be cut.
func (m *Model) warning() warning {
	switch {
	case m.dead != nil && m.o.Receiver.Viewer:
		return m.alarm("nothing comes in: " + m.dead.Error())
	case m.dead != nil:
		return m.alarm("start up42hooks anew: the receiver stopped, nothing comes in: " + m.dead.Error())
	case m.unstored != nil:
		return m.alarm("can't store: " + m.unstored.Error() + "; senders are told to try again")
	case m.unread != nil:
		return m.alarm("can't read the store, trying again: " + m.unread.Error())
	case m.events.Err() != nil && m.page == eventsPage:
		return m.alarm("can't read older events: " + m.events.Err().Error())
	case m.undelivered.Err() != nil && m.page == undeliveredPage:
		return m.alarm("can't read what could not be handed on, trying again: " + m.undelivered.Err().Error())
	case m.unreached() != "":
		return m.caution(m.unreached())
	default:
		return m.caution(m.failingTarget())
	}
}

// aroundWarning is what of a rule is not the words of a warning.
const aroundWarning = 8

// topRule parts the frame from the page, or says what is wrong.
func (m *Model) topRule() []string {
	if lines := m.warned(); len(lines) > 0 {
		return lines
	}
	return []string{m.underline()}
}

// warned is what is wrong in one line or two; none: nothing is.
func (m *Model) warned() []string {
	w := m.warning()
	if w.words == "" {
		return nil
	}
	lines := text.Wrap(w.words, m.w-aroundWarning, 2)
	before := " " + w.glyph + " "
	for i, words := range lines {
		lines[i] = m.th.Rule.Apply(m.rules(2)) + w.style.Apply(before+words+" ") + m.th.Rule.Apply(m.rules(m.w-6-text.Width(words)))
		before = text.Spaces(text.Width(before))
	}
	return lines
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
