package natstarget

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/safe"
)

const (
	connectTimeout = 5 * time.Second
	// A connection is given up after two pings without an answer.
	pingEvery = 10 * time.Second
	// answersKept is how many answers to one message wait to be read. Each message has memory
	// for so many.
	answersKept = 64
)

// link is a connection. It does not connect again by itself: the forwarder decides when to
// try again, and gets another link then.
type link struct {
	*nats.Conn
	closed chan struct{} // when its goroutines are about to end
}

// dialer connects as long as its context lasts. Until release is called, the end of the
// context closes the connection, too.
type dialer struct {
	ctx     context.Context
	release func() bool
}

// Dial implements nats.CustomDialer.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	c, err := (&net.Dialer{Timeout: connectTimeout}).DialContext(d.ctx, network, address)
	if err == nil {
		d.release = context.AfterFunc(d.ctx, func() { _ = c.Close() })
	}
	return c, err
}

// connect connects to one of the servers.
func connect(ctx context.Context, servers, creds string) (*link, error) {
	auth, err := access(creds)
	if err != nil {
		return nil, &forward.Unreachable{Err: err}
	}
	l, d := &link{closed: make(chan struct{})}, &dialer{ctx: ctx}
	options := []nats.Option{
		nats.Name("up42hooks"), nats.NoReconnect(), nats.Timeout(connectTimeout), nats.SetCustomDialer(d),
		nats.SyncQueueLen(answersKept), nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(2),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // each publication asks for errors
		nats.ClosedHandler(func(*nats.Conn) { close(l.closed) }),
	}
	if auth != nil {
		options = append(options, auth)
	}
	if l.Conn, err = nats.Connect(servers, options...); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &forward.Unreachable{Err: explain(err, creds)}
	}
	d.release()
	return l, nil
}

// close ends the connection and waits for that.
func (l *link) close() {
	l.Close()
	<-l.closed
}

// explain says in a line what to do about a connection that failed.
func explain(err error, creds string) error {
	short := safe.Line(strings.TrimPrefix(err.Error(), "nats: "))
	var certificate *x509.UnknownAuthorityError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAuthRevoked), errors.Is(err, nats.ErrAccountAuthExpired):
		if creds == "" {
			return errors.New("the server wants credentials: name their file in --forward-creds")
		}
		return fmt.Errorf("the server refuses the credentials in %s (%s): correct them", creds, short)
	case errors.Is(err, nats.ErrNoServers), errno.Is(err, syscall.ECONNREFUSED):
		return errors.New("no server answers: start it, or correct the URL")
	case errors.Is(err, nats.ErrSecureConnWanted):
		return errors.New("the server has no TLS: write nats:// in place of tls://")
	case errors.Is(err, nats.ErrSecureConnRequired):
		return errors.New("the server wants TLS: write tls:// in place of nats://")
	case errors.As(err, &unknown), errors.As(err, &certificate):
		return fmt.Errorf("the certificate of the server is not trusted: name the file of its authority in SSL_CERT_FILE (%s)", short)
	default:
		return fmt.Errorf("can't connect: %s", short)
	}
}

// denial returns the error of what this connection may not do, nil if the server refused
// nothing. It is up to date after a flush.
func (l *link) denial(subject string) error {
	err := l.LastError()
	if !errors.Is(err, nats.ErrPermissionViolation) {
		return nil
	}
	text := err.Error()
	switch {
	case strings.Contains(text, `Publish to "`+subject+`"`):
		return &denied{"publish to " + subject}
	case strings.Contains(text, `Subscription to "`+inboxes):
		return errInbox
	default:
		return nil
	}
}

// denied is the error of what the user may not do.
type denied struct{ what string }

func (d *denied) Error() string {
	return "the user may not " + d.what + ": allow it in the server's permissions"
}

var errInbox = &denied{"subscribe to _INBOX.>, where acknowledgements come"}

// inboxes is how the names of inboxes begin.
const inboxes = "_INBOX."
