package status

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// remark is a part of a note. brief is what it is if there is little room.
type remark struct{ words, brief string }

// note returns what the other columns do not say: as much of it as there is room for.
func (v *view) note(r *Row, width int) string {
	remarks := v.remarks(r)
	full := make([]string, len(remarks))
	for i, m := range remarks {
		full[i] = m.words
	}
	if s := strings.Join(full, " "); text.Width(s) <= width {
		return s
	}
	var b strings.Builder
	left := width
	for i, m := range remarks {
		switch room := left - text.Width(m.brief); {
		case i == 0:
			b.WriteString(m.brief)
			left = room
		case room > 0:
			b.WriteString(" " + m.brief)
			left = room - 1
		}
	}
	return b.String()
}

// remarks are the parts of the note, the most important one first: that the row is made
// of test events, that its trust is not full, that it is not going well, that the status
// is from UP42's API, how many of the tasks are over, and the sub-status of a status that
// is not final.
func (v *view) remarks(r *Row) (all []remark) {
	add := func(words, brief string) { all = append(all, remark{words, brief}) }
	if r.Test() {
		add("TEST", "TEST")
	}
	switch g := &v.theme.Glyphs; r.trust {
	case receiver.FullTrust:
	case receiver.PartialTrust:
		add(g.Partial+" partial", g.Partial)
	default:
		add(g.Unsigned+" unsigned", g.Unsigned)
	}
	if urgent(r.class) {
		add(r.class.String(), r.class.String())
	}
	if r.fromAPI() {
		add(apiWord, apiWord)
	}
	if r.more != nil && r.more.tasks.all > 0 {
		n := &r.more.tasks
		if over := fmt.Sprintf("%d/%d %s", n.final, n.all, number.Plural(int64(n.all), "task", "tasks")); n.failed > 0 {
			add(fmt.Sprintf("%s, %d failed", over, n.failed), over+" "+v.theme.Glyphs.Failed)
		} else {
			add(over, over)
		}
	}
	if sub := r.SubStatus(); sub != "" && !r.more.subShown && !r.final {
		add(sub, sub)
	}
	return all
}

// urgent reports whether a row of this class is not going well, but is not over.
func urgent(c receiver.Class) bool { return c == receiver.InTrouble || c == receiver.NeedsYou }

func (v *view) noteStyle(r *Row) theme.Style {
	if urgent(r.class) {
		return v.theme.Class(r.class)
	}
	return v.theme.Mark
}
