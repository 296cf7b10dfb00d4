package jetstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// outbox sends messages to the stream and gets its answers. It does what PublishMsgAsync of the
// client does, in a third of the time: there is no timer, no map and no channel for each message.
// One goroutine uses it.
type outbox struct {
	nc      *nats.Conn
	prefix  string // of the subjects of answers; the number of the message follows
	success []byte // how the answer begins that a message is stored; its place in the stream follows
	answers chan *nats.Msg
	inbox   *nats.Subscription
	sent    int // the number of the last message
}

// answer is what the stream says about a message.
type answer struct {
	number int
	place  uint64 // in the stream
	err    error  // nil: it is stored
}

var (
	// errNoAnswer is the error of a message that the stream does not answer in time.
	errNoAnswer = errors.New("no answer")
	// errNobody is the error of a message that no stream took, as while a cluster has no leader.
	errNobody = errors.New("no stream takes messages")
)

// newOutbox makes an outbox for so many messages without an answer. The caller closes it.
func newOutbox(nc *nats.Conn, stream string, most int) (*outbox, error) {
	b := &outbox{
		nc: nc, prefix: nc.NewInbox() + ".", answers: make(chan *nats.Msg, most),
		success: fmt.Appendf(nil, `{"stream":%q,"seq":`, stream),
	}
	var err error
	b.inbox, err = nc.ChanSubscribe(b.prefix+"*", b.answers)
	return b, err
}

func (b *outbox) close() { _ = b.inbox.Unsubscribe() } // fails only without a connection

// send sends a message.
func (b *outbox) send(m *nats.Msg) error {
	m.Reply = b.prefix + strconv.Itoa(b.sent+1)
	err := b.nc.PublishMsg(m)
	if err == nil {
		b.sent++
	}
	return err
}

// receive waits for an answer.
func (b *outbox) receive(ctx context.Context, late <-chan time.Time) (answer, error) {
	select {
	case m := <-b.answers:
		return b.read(m), nil
	case <-late:
		return answer{}, errNoAnswer
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
}

func (b *outbox) read(m *nats.Msg) (a answer) {
	a.number, _ = strconv.Atoi(strings.TrimPrefix(m.Subject, b.prefix)) // no message has the number 0
	switch {
	case len(m.Data) == 0 && m.Header.Get("Status") == "503":
		a.err = errNobody
	default:
		a.place, a.err = b.outcome(m.Data)
	}
	return a
}

// outcome is the place of a message in the stream, or why it has none. Most answers are not parsed as JSON.
func (b *outbox) outcome(data []byte) (place uint64, err error) {
	if rest, ok := bytes.CutPrefix(data, b.success); ok {
		if place, err = strconv.ParseUint(string(bytes.TrimSuffix(rest, []byte("}"))), 10, 64); err == nil {
			return place, nil
		}
	}
	var a struct {
		jetstream.PubAck
		Error *jetstream.APIError `json:"error"`
	}
	switch err := json.Unmarshal(data, &a); {
	case err != nil, a.Error == nil && a.Stream == "":
		return 0, jetstream.ErrInvalidJSAck
	case a.Error != nil:
		return 0, a.Error
	default:
		return a.Sequence, nil
	}
}
