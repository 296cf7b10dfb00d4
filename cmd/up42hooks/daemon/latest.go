package daemon

// latest is a channel that holds only the newest value: a value that was not
// received yet is replaced. One goroutine puts at a time.
type latest[T any] chan T

func newLatest[T any]() latest[T] { return make(latest[T], 1) }

func (l latest[T]) put(v T) {
	select {
	case <-l:
	default:
	}
	l <- v
}
