package remote

import (
	"fmt"
	"sync"

	"github.com/up42/up42-webhooks/tui/number"
)

// seats counts what is open, in all and by who has it, and refuses what is too much. It is safe for
// concurrent use.
type seats struct {
	max, maxOfOne int

	mu  sync.Mutex
	all int
	of  map[string]int
}

func newSeats(max, maxOfOne int) *seats {
	return &seats{max: max, maxOfOne: maxOfOne, of: map[string]int{}}
}

// take takes a seat. Whoever got one gives it back with leave, once.
func (s *seats) take(who string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.all >= s.max:
		return nil, fmt.Errorf("%s open, which is the limit: try again later", sessions(s.all))
	case s.of[who] >= s.maxOfOne:
		return nil, fmt.Errorf("%s open with this key, which is the limit: close one", sessions(s.of[who]))
	}
	s.all++
	s.of[who]++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.of[who]--; s.of[who] == 0 {
			delete(s.of, who)
		}
	}), nil
}

func sessions(n int) string {
	return number.Of(int64(n), "session is", "sessions are")
}

// taken is how many are taken.
func (s *seats) taken() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all
}
