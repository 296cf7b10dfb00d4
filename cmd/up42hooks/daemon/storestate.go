package daemon

import "sync/atomic"

// StoreState knows whether deliveries can be stored.
type StoreState struct {
	err     atomic.Pointer[error]
	changes latest[error]
}

func newStoreState() *StoreState { return &StoreState{changes: newLatest[error]()} }

// set is called by the handler, once at a time.
func (s *StoreState) set(err error) {
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
