package daemon

import (
	"sync"
	"sync/atomic"
)

// StoreState knows whether deliveries can be stored. A store that is damaged stays so.
type StoreState struct {
	mu      sync.Mutex
	damage  error
	err     atomic.Pointer[error]
	changes latest[error]
}

func newStoreState() *StoreState { return &StoreState{changes: newLatest[error]()} }

// set is called by the handler.
func (s *StoreState) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.damage == nil {
		s.put(err)
	}
}

// damaged is called by the store, once.
func (s *StoreState) damaged(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.damage = err
	s.put(err)
}

func (s *StoreState) put(err error) {
	s.err.Store(&err)
	s.changes.put(err)
}

// Err is why deliveries can't be stored now, nil if they can.
func (s *StoreState) Err() error {
	if err := s.err.Load(); err != nil {
		return *err
	}
	return nil
}

// Changes receives Err whenever that changes. It is for one reader, who may miss
// all but the newest change.
func (s *StoreState) Changes() <-chan error { return s.changes }

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
