package sqlite

import (
	"errors"
	"time"
)

// lookEvery is how often the writer looks at its files, besides the look before each
// transaction.
const lookEvery = time.Second

// look checks the files, also while there is nothing to write.
func (w *writer) look() {
	if w.guard == nil || w.damage.get() != nil {
		return
	}
	err := w.checkFiles()
	if err == nil {
		err = w.guard.VerifyLog()
	}
	err = w.damage.check(explain(w.file, "look at it", err))
	gone := errors.Is(err, ErrMoved) || errors.Is(err, ErrIncomplete)
	if gone == w.missed || !gone && err != nil {
		return
	}
	w.missed = gone
	if w.options.OnMissing != nil {
		w.options.OnMissing(err)
	}
}
