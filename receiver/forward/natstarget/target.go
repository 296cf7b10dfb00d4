package natstarget

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// Options configure a Target. URL is required.
type Options struct {
	// URL is nats://HOST:PORT/SUBJECT, or tls://. It has no password.
	URL string
	// Creds is a file with credentials: what nsc makes, the seed of an nkey, USER:PASS or a
	// token. It is read at each connection. It may be empty.
	Creds string
	// Envelope makes the headers. Nil is one without a secret and a format.
	Envelope *forward.Envelope
	// Timeout bounds one event. 0 is forward.DefaultTimeout.
	Timeout time.Duration
}

// Target publishes events to a subject. It connects when it is needed. Close closes the
// connection.
type Target struct {
	name     string
	address  address
	creds    string
	envelope *forward.Envelope
	timeout  time.Duration
	turn     chan struct{} // has one element, which belongs to who uses link
	link     *link         // nil: not connected
	taker    atomic.Int32  // the newest answer of the server
}

var _ forward.Target = (*Target)(nil)

// New makes a Target. It returns an error if the URL or the file with the credentials is
// wrong.
func New(o Options) (*Target, error) {
	a, err := parseAddress(o.URL)
	if err == nil {
		_, err = access(o.Creds)
	}
	if err != nil {
		return nil, err
	}
	t := &Target{
		name: o.URL, address: a, creds: o.Creds, envelope: o.Envelope,
		timeout: cmp.Or(o.Timeout, forward.DefaultTimeout), turn: make(chan struct{}, 1),
	}
	if t.envelope == nil {
		t.envelope = &forward.Envelope{}
	}
	t.turn <- struct{}{}
	return t, nil
}

// Name is the URL.
func (t *Target) Name() string { return t.name }

// Send publishes an event.
func (t *Target) Send(ctx context.Context, e *receiver.Event) error {
	limited, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	l, err := t.connected(limited)
	if err == nil {
		err = t.send(limited, l, e)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return &forward.Refused{Reason: fmt.Sprintf("the server did not acknowledge it within %v", t.timeout)}
	default:
		return t.failed(l, err)
	}
}

func (t *Target) send(ctx context.Context, l *link, e *receiver.Event) error {
	// A stream that was there is asked to acknowledge. One that was not may be there now.
	found := taker(t.taker.Load())
	if found != aStream {
		var err error
		if found, err = t.ask(ctx, l); err != nil {
			return err
		}
	}
	return l.hand(ctx, t.message(e), found != aListener)
}

// ask finds out what takes the subject.
func (t *Target) ask(ctx context.Context, l *link) (taker, error) {
	found, err := l.taker(ctx, t.address.subject)
	t.taker.Store(int32(found))
	return found, err
}

// failed returns the error of an attempt.
func (t *Target) failed(l *link, err error) error {
	t.taker.Store(int32(unknown)) // the stream may be another one now
	denied := (*denied)(nil)
	switch {
	case errors.As(err, &denied):
		l.Close() // the next connection may have the permission
		return &forward.Refused{Reason: err.Error(), All: true}
	case errors.Is(err, nats.ErrConnectionClosed), errors.Is(err, nats.ErrBadSubscription):
		return errors.New("the connection was lost")
	default:
		return err
	}
}

// message makes the message of an event. A stream takes a message of one id once within its
// duplicate window.
func (t *Target) message(e *receiver.Event) *nats.Msg {
	m := &nats.Msg{Subject: t.address.subject, Data: e.Raw, Header: nats.Header{}}
	for name, values := range t.envelope.Header(e, time.Now()) {
		if !strings.HasPrefix(name, "Nats-") { // with these a sender would command the stream
			m.Header[name] = values
		}
	}
	m.Header.Set(nats.MsgIdHdr, forward.HeaderKey(e))
	return m
}

// Check connects, and asks which stream takes the subject.
func (t *Target) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	l, err := t.connected(ctx)
	if err == nil {
		_, err = t.ask(ctx, l)
	}
	return err
}

// Advice says what the owner should know after Check, "" if there is nothing.
func (t *Target) Advice() string {
	switch subject := t.address.subject; taker(t.taker.Load()) {
	case aListener:
		return "no stream takes " + subject + ": only who listens at that moment gets an event; to keep events make a stream for it (nats stream add)"
	case unknown:
		return "the server does not say whether a stream takes " + subject + ", so each event needs an acknowledgement: let the user publish to " + streamNames
	default:
		return ""
	}
}

// connected returns the connection. It connects unless it is connected.
func (t *Target) connected(ctx context.Context) (*link, error) {
	select {
	case <-t.turn:
		defer func() { t.turn <- struct{}{} }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if t.link != nil && !t.link.IsClosed() {
		return t.link, nil
	}
	t.drop()
	l, err := connect(ctx, t.address.servers, t.creds)
	if err != nil {
		return nil, err
	}
	t.link = l
	t.taker.Store(int32(unknown))
	return l, nil
}

func (t *Target) drop() {
	if t.link != nil {
		t.link.close()
		t.link = nil
	}
}

// Close closes the connection. It waits for one that is being made. Send and Check make
// another one.
func (t *Target) Close() error {
	<-t.turn
	defer func() { t.turn <- struct{}{} }()
	t.drop()
	return nil
}
