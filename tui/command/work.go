package command

import "slices"

// Work is what is under way and would be lost with the screen, or end unseen. Its zero value has
// nothing, and so has nil. Its methods are for Update.
type Work struct {
	last int
	does []task
}

type task struct {
	id   int
	does string
}

// Begin notes what is being done, in clean words such as "saving a file". The caller calls end when
// the user has been told what came of it.
func (w *Work) Begin(does string) (end func()) {
	if w == nil {
		return func() {}
	}
	w.last++
	id := w.last
	w.does = append(w.does, task{id, does})
	return func() { w.does = slices.DeleteFunc(w.does, func(t task) bool { return t.id == id }) }
}

// UnderWay says what has been under way for longest, or returns "".
func (w *Work) UnderWay() string {
	if w == nil || len(w.does) == 0 {
		return ""
	}
	return w.does[0].does
}
