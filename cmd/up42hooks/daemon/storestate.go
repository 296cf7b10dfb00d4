package daemon

import (
	"sync"
	"sync/atomic"
)

// StoreState knows whether deliveries can be stored. A store that is damaged stays so.
type StoreState struct {
	mu     sync.Mutex
	damage error
	err    atomic.Pointer[error]
}

// set is called by the handler.
func (s *StoreState) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.damage == nil {
		s.err.Store(&err)
	}
}

// damaged is called by the store, once.
func (s *StoreState) damaged(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.damage = err
	s.err.Store(&err)
}

// Err is why deliveries can't be stored now, nil if they can.
func (s *StoreState) Err() error {
	if err := s.err.Load(); err != nil {
		return *err
	}
	return nil
}

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
