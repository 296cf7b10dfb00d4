package prompt

import "slices"

// maxHistory is how many filters a History has at most.
const maxHistory = 50

// History are the filters that the user has typed, the newest first, each once.
type History struct{ all []string }

// NewHistory takes up filters, the newest first.
func NewHistory(all []string) *History {
	h := &History{}
	for _, expr := range slices.Backward(all) {
		h.Add(expr)
	}
	return h
}

// Add takes note of a filter.
func (h *History) Add(expr string) {
	if expr == "" || len([]rune(expr)) > maxLength {
		return
	}
	h.all = slices.DeleteFunc(slices.Clone(h.all), func(old string) bool { return old == expr })
	h.all = slices.Insert(h.all, 0, expr)
	h.all = h.all[:min(len(h.all), maxHistory)]
}

// All returns the filters. The slice is never changed.
func (h *History) All() []string { return h.all }
