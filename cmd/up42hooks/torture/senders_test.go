package torture

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// Each of the senders delivers events of an order of its own, one after the other.
const sendersAtOnce = 16

// senders deliver from many connections until they are stopped. As UP42 does, they send a
// delivery again until it is answered 200.
type senders struct {
	t       *testing.T
	url     string
	pause   time.Duration // after each delivery that was answered 200
	end     context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	answered map[string]int64 // the seq of each message
	again    int              // deliveries that were sent more than once
	refused  int              // answers that were 503
}

func startSenders(t *testing.T, url string, pause time.Duration) *senders {
	ctx, end := context.WithCancel(context.Background())
	s := &senders{t: t, url: url, pause: pause, end: end, answered: map[string]int64{}}
	for n := range sendersAtOnce {
		s.running.Go(func() { s.send(ctx, n) })
	}
	t.Cleanup(func() { s.stop() })
	return s
}

// stop ends the senders. What they are sending then may or may not be stored.
func (s *senders) stop() {
	s.end()
	s.running.Wait()
}

// count returns how many deliveries were answered.
func (s *senders) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.answered)
}

// refusals returns how many deliveries were not taken.
func (s *senders) refusals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

func (s *senders) noteRefusal(status int, answer string) {
	assert.Equal(s.t, http.StatusServiceUnavailable, status, answer)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused++
}

// await waits until something is true. It reports whether it is, in time.
func (s *senders) await(is func() bool) bool {
	for late := time.Now().Add(clitest.Patience); !is(); {
		if time.Now().After(late) {
			return false
		}
		retry.Sleep(s.t.Context(), 5*time.Millisecond)
	}
	return true
}

func (s *senders) send(ctx context.Context, sender int) {
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	client := &http.Client{Transport: tr, Timeout: 10 * time.Second}
	for n := 0; ctx.Err() == nil; n++ {
		id := fmt.Sprintf("m-%d-%d", sender, n)
		body := clitest.Delivery(id, orderOf(sender), "PLACED")
		for try := 0; ctx.Err() == nil; try++ {
			status, answer, err := clitest.Deliver(client, s.url, clitest.Secret, body)
			if err == nil && status == http.StatusOK {
				s.note(id, answer, try > 0)
				retry.Sleep(ctx, s.pause)
				break
			}
			if err == nil {
				s.noteRefusal(status, answer)
			}
			retry.Sleep(ctx, 5*time.Millisecond)
		}
	}
}

func orderOf(sender int) string { return fmt.Sprintf("order-%d", sender) }

var numberIn = regexp.MustCompile(`\d+`)

// note notes that a message was answered.
func (s *senders) note(id, answer string, again bool) {
	seq, err := strconv.ParseInt(numberIn.FindString(answer), 10, 64)
	assert.NoError(s.t, err, "an answer has the number of the event: %s", answer)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered[id] = seq
	if again {
		s.again++
	}
}
