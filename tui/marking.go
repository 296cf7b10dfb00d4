package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/theme"
)

// marking handles the keys, hints and labels of marked rows.
type marking struct{ *Model }

// marked are the marks of the list that has the keys, or nil.
func (m marking) marked() *marks.Marks {
	l, ok := m.pages.list().(interface{ Marks() *marks.Marks })
	if !ok || m.nav.detailed || m.pages.current == onWebhooks && m.pages.webhooks.Over() {
		return nil
	}
	return l.Marks()
}

// press takes the keys that mark rows, and while some are marked those that act on all of
// them.
func (m marking) press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	marked := m.marked()
	if marked == nil {
		return nil, false
	}
	why, k := "", m.keys
	switch {
	case key.Matches(msg, k.Mark):
		why = marked.Toggle()
	case key.Matches(msg, k.MarkTo):
		why = marked.ToHere()
	case marked.Len() == 0:
		return nil, false
	case key.Matches(msg, k.Back):
		m.nav.say.Info("removed the marks of " + rowsOf(marked.Clear()))
	default:
		return m.act(marked, msg)
	}
	if why != "" {
		m.nav.say.Hint(why)
	}
	return nil, true
}

func (m marking) act(marked *marks.Marks, msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	k, rows := m.keys, marked.Rows()
	switch {
	case key.Matches(msg, k.Copy):
		return m.copy(rows), true
	case key.Matches(msg, k.Forward):
		tasks, why := m.forwarding.Tasks(m.nav.selection(), rows)
		return m.start(marked, marks.Words{Does: "forwarding", Did: "forwarded", One: "event", Many: "events"}, tasks, why), true
	case key.Matches(msg, k.Refresh) && m.pages.current != onWebhooks:
		tasks, why := m.account.Tasks(rows)
		return m.start(marked, marks.Words{Does: "asking UP42 about", Did: "asked UP42 about", One: "order or job", Many: "orders and jobs"}, tasks, why), true
	case key.Matches(msg, k.ForwardTo):
		m.nav.say.Hint(fmt.Sprintf("%s sends one event to a URL: %s removes the marks first; %s forwards all that are marked", keys.First(k.ForwardTo), keys.First(k.Back), keys.First(k.Forward)))
		return nil, true
	}
	return nil, false
}

func (m marking) start(marked *marks.Marks, w marks.Words, tasks []marks.Task, why string) tea.Cmd {
	if why != "" {
		m.nav.say.Hint(why)
		return nil
	}
	return m.jobs.Start(marked, w, tasks)
}

// copy copies the ids of what is marked, each of them once.
func (m marking) copy(rows []marks.Row) tea.Cmd {
	var ids []string
	known := map[string]bool{}
	for _, r := range rows {
		if id := r.Key.ID; strings.TrimSpace(id) != "" && !known[id] {
			known[id] = true
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		m.nav.say.Hint("nothing to copy: what is marked names no order or job")
		return nil
	}
	return m.clipboard.Copy(strings.Join(ids, "\n"), number.Of(int64(len(ids)), "id", "ids"))
}

// label says how many rows are marked, or returns "".
func (m marking) label() string {
	if marked := m.marked(); marked != nil && marked.Len() > 0 {
		return number.Format(int64(marked.Len())) + " marked"
	}
	return ""
}

// hints are the keys that act on what is marked. ok is false if nothing is.
func (m marking) hints() (hints []keys.Hint, ok bool) {
	marked := m.marked()
	if marked == nil || marked.Len() == 0 {
		return nil, false
	}
	k := m.keys
	if p := m.pages.current; p == onEvents || p == onUndelivered {
		hints = append(hints, keys.Hint{Keys: k.Forward.Help().Key, Does: "forward them"})
	} else if p == onWebhooks {
		for _, b := range m.pages.webhooks.Hints() {
			hints = append(hints, keys.HintOf(b))
		}
	}
	if m.pages.current != onWebhooks && m.o.API != nil {
		hints = append(hints, keys.Hint{Keys: k.Refresh.Help().Key, Does: "ask UP42"})
	}
	return append(hints, keys.Hint{Keys: k.Copy.Help().Key, Does: "copy ids"}, keys.Hint{Keys: keys.First(k.Back), Does: "unmark"}), true
}

// addLabels adds what is marked, and what is done with it.
func (m marking) addLabels(ls *labels, th *theme.Theme) {
	ls.add(m.jobs.UnderWay(), th.Accent)
	ls.add(m.label(), th.Mark)
}

// rowsOf is a number of rows in words.
func rowsOf(n int) string { return number.Of(int64(n), "row", "rows") }
