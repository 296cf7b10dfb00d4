package table

import (
	"cmp"
	"slices"
	"sync/atomic"

	tea "github.com/charmbracelet/bubbletea"
)

// atOnce is how many rows are sorted and filtered without a command: that many
// take about a millisecond.
const atOnce = 1000

// arrangement is what is shown of the rows, and in which order.
type arrangement[R any] struct {
	order  int
	filter Filter[R]
}

func (a *arrangement[R]) same(b *arrangement[R]) bool {
	return a.order == b.order && a.filter.same(&b.filter)
}

// job is an arrangement under way. Its command works on a snapshot; what changes
// meanwhile is noted, to be made up for in the result.
type job[K comparable, R any] struct {
	want     arrangement[R]
	renews   bool // the filter stays, but for the time: nobody waits for it
	snapshot []R  // in the first order; not changed any more
	changed  map[K]before[R]
	stopped  atomic.Bool
}

// before is a changed row as the snapshot has it; ok is false where it has none.
type before[R any] struct {
	row R
	ok  bool
}

// arranged is the result of a job.
type arranged[K cmp.Ordered, R any] struct {
	job  *job[K, R]
	rows []R
}

// SetFilter shows only rows that have all words, whatever their case; a word
// behind "-" must be missing. A command that it returns must be run, and its
// message given to Update; until then the view stays as it was. Small tables
// change at once, and there is none.
func (m *Model[K, R]) SetFilter(words string) tea.Cmd {
	return m.Narrow(filterOf(words, m.options.Text))
}

// Narrow shows only rows that pass a filter. For its command see
// [Model.SetFilter].
func (m *Model[K, R]) Narrow(f Filter[R]) tea.Cmd {
	return m.arrange(arrangement[R]{m.wanted().order, f})
}

// Renew has the filter judge by another match from now on: what passes has
// changed with the time. It waits for nobody: while the table is busy it does
// nothing. For its command see [Model.SetFilter].
func (m *Model[K, R]) Renew(match func(R) bool) tea.Cmd {
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

// Filter is the filter as it was set.
func (m *Model[K, R]) Filter() string { return m.wanted().filter.Text }

// NextOrder sorts in the next way. For its command see [Model.SetFilter].
func (m *Model[K, R]) NextOrder() tea.Cmd {
	return m.SetOrder((m.wanted().order + 1) % len(m.options.Orders))
}

// SetOrder sorts in the i-th way; one that does not exist changes nothing. For
// its command see [Model.SetFilter].
func (m *Model[K, R]) SetOrder(i int) tea.Cmd {
	if i < 0 || i >= len(m.options.Orders) {
		return nil
	}
	return m.arrange(arrangement[R]{i, m.wanted().filter})
}

// Order is the way to sort as it was set.
func (m *Model[K, R]) Order() Order[R] { return m.options.Orders[m.wanted().order] }

// Busy says whether a sort or filter is under way.
func (m *Model[K, R]) Busy() bool { return m.job != nil && !m.job.renews }

// Update takes the result of a command of this table. Other messages, and
// results that were overtaken, are not its business.
func (m *Model[K, R]) Update(msg tea.Msg) {
	a, ok := msg.(arranged[K, R])
	if !ok || a.job != m.job {
		return
	}
	m.job = nil
	m.show(a.job.want, a.rows)
	m.catchUp(a.job)
	m.settle()
}

// wanted is the arrangement that is, or that is on its way.
func (m *Model[K, R]) wanted() arrangement[R] {
	if m.job != nil {
		return m.job.want
	}
	return m.shown
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

func (m *Model[K, R]) begin(want arrangement[R]) tea.Cmd {
	last := m.stop()
	if m.store.list.len() <= m.quick {
		m.show(want, m.perform(want, m.store.list.rows))
		m.settle()
		return nil
	}
	m.job = &job[K, R]{want: want}
	if last != nil {
		m.job.snapshot, m.job.changed = last.snapshot, last.changed
	} else {
		m.job.snapshot, m.job.changed = slices.Clone(m.store.list.rows), map[K]before[R]{}
	}
	return m.command(m.job)
}

// command does a job. It touches nothing of the table that ever changes.
func (m *Model[K, R]) command(j *job[K, R]) tea.Cmd {
	return func() tea.Msg {
		if j.stopped.Load() {
			return nil
		}
		rows := m.perform(j.want, j.snapshot)
		if j.stopped.Load() {
			return nil
		}
		return arranged[K, R]{j, rows}
	}
}

// perform arranges rows, which are in the first order, and leaves them as they
// are.
func (m *Model[K, R]) perform(want arrangement[R], rows []R) []R {
	out := want.filter.matching(rows)
	if want.filter.Match == nil {
		out = slices.Clone(rows)
	}
	if want.order != 0 {
		slices.SortFunc(out, m.compareBy(want.order))
	}
	return out
}

// stop gives up the job under way and returns it.
func (m *Model[K, R]) stop() *job[K, R] {
	j := m.job
	if j != nil {
		j.stopped.Store(true)
	}
	m.job = nil
	return j
}

// show makes rows, which are arranged already, the view.
func (m *Model[K, R]) show(a arrangement[R], rows []R) {
	m.shown = a
	m.view = &list[R]{compare: m.compareBy(a.order), rows: rows}
}

// catchUp makes up in the view for what changed since a job's snapshot.
func (m *Model[K, R]) catchUp(j *job[K, R]) {
	var out, in []R
	for id, b := range j.changed {
		if b.ok {
			out = append(out, b.row)
		}
		if r, ok := m.store.rows[id]; ok {
			in = append(in, r)
		}
	}
	f := &m.shown.filter
	m.view.replace(f.matching(out), f.matching(in))
}

// note remembers what rows were in the snapshot before they changed first.
func (j *job[K, R]) note(id func(R) K, out, in []R) {
	for _, r := range out {
		if _, known := j.changed[id(r)]; !known {
			j.changed[id(r)] = before[R]{r, true}
		}
	}
	for _, r := range in {
		if _, known := j.changed[id(r)]; !known {
			j.changed[id(r)] = before[R]{}
		}
	}
}
