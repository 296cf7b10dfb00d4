package table

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// filter holds the words that a row must have, and those that it must not.
type filter struct {
	text          string
	with, without []string
}

func parseFilter(text string) filter {
	f := filter{text: text}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		if rest, not := strings.CutPrefix(word, "-"); not && rest != "" {
			f.without = append(f.without, rest)
		} else {
			f.with = append(f.with, word)
		}
	}
	return f
}

func (f *filter) empty() bool { return len(f.with)+len(f.without) == 0 }

// matches is a function of its row alone: that is how the place of an old
// row is found again.
func matches[R any](f *filter, text func(R) string, r R) bool {
	if f.empty() {
		return true
	}
	s := strings.ToLower(text(r))
	for _, w := range f.with {
		if !strings.Contains(s, w) {
			return false
		}
	}
	for _, w := range f.without {
		if strings.Contains(s, w) {
			return false
		}
	}
	return true
}

// atOnce is how many rows are sorted and filtered without a command: that many
// take about a millisecond.
const atOnce = 2000

// job is an arrangement under way: the order and the filter to be, and what has
// changed since its snapshot.
type job[K comparable, R any] struct {
	number int
	order  int
	filter filter
	// before has each changed row as the snapshot has it; ok is false where it
	// has none.
	before map[K]before[R]
}

type before[R any] struct {
	row R
	ok  bool
}

// arranged is the result of a job.
type arranged[R any] struct {
	table  int64
	number int
	view   []R
}

// SetFilter shows only rows that have all words, whatever their case; a word
// behind "-" must be missing. The command, if there is one, must be run, and
// its message given to Update; until then the view stays as it was.
func (m *Model[K, R]) SetFilter(text string) tea.Cmd {
	return m.arrange(m.wanted().order, parseFilter(text))
}

// Filter is the filter's text as it was set.
func (m *Model[K, R]) Filter() string { return m.wanted().filter.text }

// NextOrder sorts in the next way. For its command see SetFilter.
func (m *Model[K, R]) NextOrder() tea.Cmd {
	w := m.wanted()
	return m.arrange((w.order+1)%len(m.options.Orders), w.filter)
}

// Order is the way to sort.
func (m *Model[K, R]) Order() Order[R] { return m.options.Orders[m.wanted().order] }

// Busy says whether a sort or filter is under way.
func (m *Model[K, R]) Busy() bool { return m.job != nil }

// wanted is the arrangement that is, or that is on its way.
func (m *Model[K, R]) wanted() job[K, R] {
	if m.job != nil {
		return *m.job
	}
	return job[K, R]{order: m.order, filter: m.filter}
}

func (m *Model[K, R]) arrange(order int, f filter) tea.Cmd {
	m.jobs++
	m.stale = true
	j := &job[K, R]{number: m.jobs, order: order, filter: f, before: map[K]before[R]{}}
	rows, compare, text, self := slices.Clone(m.all), m.compareBy(order), m.options.Text, m.self
	work := func() arranged[R] {
		view := slices.DeleteFunc(rows, func(r R) bool { return !matches(&f, text, r) })
		slices.SortFunc(view, compare)
		return arranged[R]{table: self, number: j.number, view: view}
	}
	m.job = j
	if len(rows) <= atOnce {
		m.take(work())
		return nil
	}
	return func() tea.Msg { return work() }
}

// Update takes the result of a command of this table; other messages are not
// its business.
func (m *Model[K, R]) Update(msg tea.Msg) {
	if a, ok := msg.(arranged[R]); ok && a.table == m.self && m.job != nil && a.number == m.job.number {
		m.take(a)
	}
}

func (m *Model[K, R]) take(a arranged[R]) {
	anchor, j := m.anchor(), m.job
	m.job = nil
	m.order, m.filter, m.view = j.order, j.filter, a.view
	compare := m.compareBy(m.order)
	var out []int
	var in []R
	for id, b := range j.before {
		if b.ok && matches(&m.filter, m.options.Text, b.row) {
			if i, found := slices.BinarySearchFunc(m.view, b.row, compare); found {
				out = append(out, i)
			}
		}
		if i, ok := m.place[id]; ok && matches(&m.filter, m.options.Text, m.all[i]) {
			in = append(in, m.all[i])
		}
	}
	m.view = splice(m.view, out, in, compare)
	m.stale = true
	m.restore(anchor)
}

// note remembers for a job under way what a row was before it changed.
func (m *Model[K, R]) note(id K, old R, ok bool) {
	if m.job == nil {
		return
	}
	if _, known := m.job.before[id]; !known {
		m.job.before[id] = before[R]{old, ok}
	}
}
