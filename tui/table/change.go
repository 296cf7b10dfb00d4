package table

import "slices"

// change replaces and removes rows, and keeps the view in order in one pass.
func (m *Model[K, R]) change(rows []R, gone []K) {
	anchor := m.anchor()
	var out []int // places in the view that are given up, ascending
	in := make([]R, 0, len(rows))
	compare := m.compareBy(m.order)
	drop := func(old R) {
		if matches(&m.filter, m.options.Text, old) {
			if i, found := slices.BinarySearchFunc(m.view, old, compare); found {
				out = append(out, i)
			}
		}
	}
	for _, r := range m.latest(rows) {
		id := m.options.ID(r)
		if i, ok := m.place[id]; ok {
			drop(m.all[i])
			m.note(id, m.all[i], true)
			m.all[i] = r
		} else {
			m.note(id, r, false)
			m.place[id] = len(m.all)
			m.all = append(m.all, r)
		}
		if matches(&m.filter, m.options.Text, r) {
			in = append(in, r)
		}
	}
	for _, id := range gone {
		if i, ok := m.place[id]; ok {
			drop(m.all[i])
			m.note(id, m.all[i], true)
			m.forget(id, i)
		}
	}
	m.view = splice(m.view, out, in, compare)
	m.stale = true
	m.restore(anchor)
}

// latest leaves the last row of each id, where a batch has one twice.
func (m *Model[K, R]) latest(rows []R) []R {
	if len(rows) < 2 {
		return rows
	}
	last := make(map[K]int, len(rows))
	for i, r := range rows {
		last[m.options.ID(r)] = i
	}
	if len(last) == len(rows) {
		return rows
	}
	out := make([]R, 0, len(last))
	for i, r := range rows {
		if last[m.options.ID(r)] == i {
			out = append(out, r)
		}
	}
	return out
}

// forget takes a row out of all; the last one takes its place.
func (m *Model[K, R]) forget(id K, i int) {
	last := len(m.all) - 1
	var zero R
	if i != last {
		m.all[i] = m.all[last]
		m.place[m.options.ID(m.all[i])] = i
	}
	m.all[last] = zero
	m.all = m.all[:last]
	delete(m.place, id)
}

// splice takes the places out of a sorted view and merges rows in, moving each
// row that stays twice at the most.
func splice[R any](view []R, out []int, in []R, compare func(a, b R) int) []R {
	if len(out) > 0 {
		slices.Sort(out)
		to := out[0]
		for n, i := range out {
			end := len(view)
			if n+1 < len(out) {
				end = out[n+1]
			}
			to += copy(view[to:], view[i+1:end])
		}
		clear(view[to:])
		view = view[:to]
	}
	if len(in) == 0 {
		return view
	}
	slices.SortFunc(in, compare)
	end := len(view) // of what is not moved yet
	view = slices.Grow(view, len(in))[:len(view)+len(in)]
	for k := len(in) - 1; k >= 0; k-- {
		i, _ := slices.BinarySearchFunc(view[:end], in[k], compare)
		copy(view[i+k+1:], view[i:end])
		view[i+k] = in[k]
		end = i
	}
	return view
}
