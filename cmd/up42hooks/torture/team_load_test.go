package torture

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// Each of the load's senders delivers events of its own orders, one after the other.
	loadSenders = 100
	// An order has so many events.
	orderEvents = 20
	// A sender waits so long for an answer.
	answerTimeout = 10 * time.Second
	// doubled says how many deliveries, one of so many, go to two receivers at once.
	doubled = 25
)

// load delivers at a rate to several receivers, as a load balancer does, until it is stopped. As
// UP42 does, it sends a delivery again until it is answered 200.
type load struct {
	t       *testing.T
	urls    []string
	rate    int // deliveries a second
	client  *http.Client
	end     context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	answered map[string]time.Time // when each message was answered
	figures  loadFigures
	last     time.Time // the last answer
}

// loadFigures are what a sender notices.
type loadFigures struct {
	Again, Doubled int           // messages that were sent more than once, to two receivers at once
	Outage         time.Duration // the longest time without an answer
	Took           []time.Duration
	ToAnother      []time.Duration // from an answer to the event on another member
}

func newLoad(t *testing.T, rate int, urls []string) *load {
	return &load{
		t: t, urls: urls, rate: rate, answered: map[string]time.Time{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: loadSenders}, Timeout: answerTimeout},
	}
}

func (l *load) start() {
	ctx, end := context.WithCancel(context.Background())
	l.end, l.last = end, time.Now()
	for n := range loadSenders {
		l.running.Go(func() { l.send(ctx, n) })
	}
	l.t.Cleanup(l.stop)
}

// stop ends the load when each message that was sent is answered.
func (l *load) stop() {
	l.end()
	l.running.Wait()
	l.client.CloseIdleConnections()
}

// send delivers the messages of a sender, each as long after the one before as the rate says.
func (l *load) send(ctx context.Context, sender int) {
	every := time.Second * loadSenders / time.Duration(l.rate)
	next := time.Now().Add(every * time.Duration(sender) / loadSenders)
	for n := 0; retry.Sleep(ctx, time.Until(next)); n++ {
		next = next.Add(every)
		l.deliver(ctx, sender, n)
	}
}

// messageOf names a message of a sender. contentsOf reads its number again.
func messageOf(sender, n int) string { return fmt.Sprintf("m-%d-%d", sender, n) }

var teamStatuses = []string{"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "FULFILLED"}

func bodyOf(sender, n int) []byte {
	status := teamStatuses[n%orderEvents*len(teamStatuses)/orderEvents]
	return fmt.Appendf(nil, `{"event":"order.status","liveMode":true,"messageId":%q,"timestamp":%q,`+
		`"body":{"orderId":"order-%d-%d","orderType":"TASKING","dataHostName":"oneatlas","status":%q}}`,
		messageOf(sender, n), time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"), sender, n/orderEvents, status)
}

// deliver delivers a message until it is answered 200. After the end of the load it goes on for
// a while.
func (l *load) deliver(ctx context.Context, sender, n int) {
	id, body := messageOf(sender, n), bodyOf(sender, n)
	var second sync.WaitGroup
	defer second.Wait()
	twice := (sender+n)%doubled == 0
	if twice {
		second.Go(func() { _, _, _ = clitest.Deliver(l.client, l.urls[(sender+n+1)%len(l.urls)], clitest.Secret, body) })
	}
	var ended time.Time
	for try := 0; ; try++ {
		began := time.Now()
		status, _, err := clitest.Deliver(l.client, l.urls[(sender+n+try)%len(l.urls)], clitest.Secret, body)
		if err == nil && status == http.StatusOK {
			l.note(id, began, try, twice)
			return
		}
		if ctx.Err() != nil && ended.IsZero() {
			ended = time.Now()
		}
		if !ended.IsZero() && time.Since(ended) > clitest.Patience {
			assert.Fail(l.t, "a delivery is never answered", "%s: %d, %v", id, status, err)
			return
		}
		retry.Sleep(context.Background(), 20*time.Millisecond)
	}
}

func (l *load) note(id string, began time.Time, tries int, twice bool) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered[id] = now
	l.figures.Took = append(l.figures.Took, now.Sub(began))
	l.figures.Outage, l.last = max(l.figures.Outage, now.Sub(l.last)), now
	if tries > 0 {
		l.figures.Again++
	}
	if twice {
		l.figures.Doubled++
	}
}

// printed notes that a member that did not receive a message has it. Before the answer it is
// there at once.
func (l *load) printed(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	took := time.Duration(0)
	if at, ok := l.answered[id]; ok {
		took = time.Since(at)
	}
	l.figures.ToAnother = append(l.figures.ToAnother, took)
}

// count returns how many messages were answered.
func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.answered)
}
