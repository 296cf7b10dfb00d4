package jetstream

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

// The headers of a message.
const (
	versionHeader  = "Up42hooks-Version"
	verdictHeader  = "Up42hooks-Verdict"
	receivedHeader = "Up42hooks-Received-At"
	admittedHeader = "Up42hooks-Admitted-At"
	originHeader   = "Up42hooks-Origin" // the member that received the event
	runHeader      = "Up42hooks-Run"    // the run of the program that published it
	detailsHeader  = "Up42hooks-Details"
	doneHeader     = "Up42hooks-Done"        // keys of work that is done with the event: see Options.Done
	aheadHeader    = "Up42hooks-Clock-Ahead" // how far the author's clock is ahead of the server's, if much
)

// messageVersion is the version of the form of messages. A newer one has something that this
// program would lose.
const messageVersion = 1

// author says who publishes a message.
type author struct{ member, run string }

// encode makes the message of an event. done has the names of the work that is done with it. ahead is how
// far the clock of this machine is ahead of that of the servers.
func encode(workspace string, by author, e *receiver.Event, done []string, ahead time.Duration) *nats.Msg {
	m := &nats.Msg{Subject: subjectOf(workspace, e), Data: e.Raw, Header: nats.Header{
		versionHeader:  {strconv.Itoa(messageVersion)},
		verdictHeader:  {string(e.Verdict)},
		receivedHeader: {e.ReceivedAt.UTC().Format(time.RFC3339Nano)},
		originHeader:   {by.member},
		runHeader:      {by.run},
		detailsHeader:  {detailsOf(e)},
	}}
	for _, name := range done {
		m.Header.Add(doneHeader, keyOf(name))
	}
	if !e.Admitted.IsZero() {
		m.Header[admittedHeader] = []string{e.Admitted.UTC().Format(time.RFC3339Nano)}
	}
	if ahead.Abs() >= muchAhead {
		m.Header[aheadHeader] = []string{ahead.String()}
	}
	return m
}

// muchAhead is from which difference on messages say how far the clock of their author is ahead.
const muchAhead = time.Second

// aheadIn is how far the clock of the author of a message was ahead of that of the servers.
func aheadIn(h nats.Header) time.Duration {
	ahead, _ := time.ParseDuration(h.Get(aheadHeader)) // what can't be read is no difference
	return ahead
}

// The reasons why a message is not read.
var (
	errNotOurs = errors.New("it is not a message of up42hooks")
	errNewer   = errors.New("it is from a newer version of up42hooks: update this one")
)

// decode returns the event of a message, without its Seq. The error is errNewer, or has
// errNotOurs and says what is wrong.
func decode(subject string, h nats.Header, data []byte) (*receiver.Event, error) {
	version, err := strconv.Atoi(h.Get(versionHeader))
	switch {
	case err != nil || version < 1 || !strings.HasPrefix(subject, "up42."):
		return nil, errNotOurs
	case version > messageVersion:
		return nil, errNewer
	}
	var d details
	if err := json.Unmarshal([]byte(h.Get(detailsHeader)), &d); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errNotOurs, detailsHeader, err)
	}
	x := &exchange.Event{
		Verdict: h.Get(verdictHeader), Secret: d.Secret, Webhook: d.Webhook, Ahead: d.Ahead, Plain: d.Plain,
		Proof: d.Proof, Headers: d.Headers, Body: data,
	}
	if x.ReceivedAt, err = timeIn(h, receivedHeader); err != nil {
		return nil, err
	}
	if h.Get(admittedHeader) != "" {
		if x.Admitted, err = timeIn(h, admittedHeader); err != nil {
			return nil, err
		}
	}
	e, err := x.Undecoded()
	if err == nil {
		e.Message, err = receiver.Decode(data)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errNotOurs, err)
	case e.Verdict.Trust() == receiver.NoTrust:
		return nil, fmt.Errorf("%w: its verdict is %q", errNotOurs, e.Verdict)
	}
	return e, nil
}

func timeIn(h nats.Header, name string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, h.Get(name))
	if err != nil {
		return t, fmt.Errorf("%w: %s: %w", errNotOurs, name, err)
	}
	return t.UTC(), nil
}

// Newer is the error of a message that a newer version of the program has written.
type Newer struct{ err error }

func (n *Newer) Error() string { return n.err.Error() }
