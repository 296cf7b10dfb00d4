package table

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/table/sorted"
)

// SetFilter shows only the rows that have all of the words, in any case. A word
// with "-" before it must be missing.
//
// If there are many rows, SetFilter returns a command, which must be run, and its
// message given to Update. Until then the view does not change. Otherwise the view
// has changed already, and the command is nil.
func (m *Model[K, R]) SetFilter(words string) tea.Cmd {
	return m.ApplyFilter(filterOf(words, m.options.Text))
}

// ApplyFilter shows only the rows that pass a filter. For the command see
// [Model.SetFilter].
func (m *Model[K, R]) ApplyFilter(f Filter[R]) tea.Cmd {
	return m.arrange(arrangement[R]{m.wanted().sorting, f})
}

// ReapplyFilter replaces the filter's Match, for a filter whose result depends on
// the time. It does nothing while another sort or filter is running. For the command
// see [Model.SetFilter].
func (m *Model[K, R]) ReapplyFilter(match func(R) bool) tea.Cmd {
	if m.job != nil {
		return nil
	}
	want := m.shown
	want.filter.Match = match
	cmd := m.begin(want)
	if m.job != nil {
		m.job.renews = true
	}
	return cmd
}

// Filter returns the text of the filter that was set last.
func (m *Model[K, R]) Filter() string { return m.wanted().filter.Text }

// Busy reports whether a sort or a filter that the user asked for is running.
func (m *Model[K, R]) Busy() bool { return m.job != nil && !m.job.renews }

// Update takes the results of the table's commands. It ignores other messages, and
// results that are not wanted any more.
func (m *Model[K, R]) Update(msg tea.Msg) {
	a, ok := msg.(arranged[K, R])
	if !ok || a.job != m.job {
		return
	}
	m.job = nil
	m.show(a.job.want, a.rows)
	out, in := a.job.changes(m.store.rows)
	f := &m.shown.filter
	m.view.Replace(f.matching(out), f.matching(in))
	m.settle()
}

func (m *Model[K, R]) arrange(want arrangement[R]) tea.Cmd {
	switch {
	case m.Busy() && m.job.want.same(&want):
		return nil
	case m.shown.same(&want):
		m.stop()
		return nil
	}
	return m.begin(want)
}

// begin arranges few rows at once, and starts a job for many.
func (m *Model[K, R]) begin(want arrangement[R]) tea.Cmd {
	last := m.stop()
	compare := m.options.compare(want.sorting)
	if m.store.list.Len() <= m.quick {
		m.show(want, want.apply(m.store.list.All(), compare))
		m.settle()
		return nil
	}
	m.job = &job[K, R]{want: want}
	if last != nil {
		m.job.snapshot, m.job.changed = last.snapshot, last.changed
	} else {
		m.job.snapshot, m.job.changed = m.store.list.All(), map[K]before[R]{}
	}
	return command(m.job, compare)
}

// show makes rows, which are arranged already, the view.
func (m *Model[K, R]) show(a arrangement[R], rows []R) {
	m.shown = a
	m.view = sorted.New(m.options.compare(a.sorting), rows)
}
