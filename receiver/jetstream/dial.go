package jetstream

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/safe"
)

const (
	dialTimeout = 3 * time.Second
	// A connection is given up after two pings without an answer.
	pingEvery = 10 * time.Second
)

// dialer connects as long as its context lasts.
type dialer struct{ ctx context.Context }

func (d dialer) Dial(network, address string) (net.Conn, error) {
	return (&net.Dialer{Timeout: dialTimeout}).DialContext(d.ctx, network, address)
}

// dial connects to one of the servers. It does not connect again by itself: whoever uses the
// connection begins again then.
func (o *Options) dial(ctx context.Context, more ...nats.Option) (*nats.Conn, error) {
	all, err := o.Access.options()
	if err != nil {
		return nil, err
	}
	all = append(all, nats.Name("up42hooks "+o.Member), nats.NoReconnect(), nats.Timeout(dialTimeout),
		nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(2), nats.SetCustomDialer(dialer{ctx}))
	nc, err := nats.Connect(strings.Join(o.Servers, ","), append(all, more...)...)
	if err != nil {
		return nil, o.explainDial(err)
	}
	return nc, nil
}

// options reads the files.
func (a Access) options() (all []nats.Option, err error) {
	for _, part := range []struct {
		file string
		read func() (nats.Option, error)
	}{{a.Creds, a.creds}, {a.NKey, a.nkey}, {a.Login, a.login}, {a.CA, a.authority}, {a.Cert, a.certificate}} {
		if part.file == "" {
			continue
		}
		o, err := part.read()
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

func (a Access) creds() (nats.Option, error) {
	content, err := readFile("--stream-creds", a.Creds)
	if err != nil {
		return nil, err
	}
	if _, err := nkeys.ParseDecoratedUserNKey(content); err != nil {
		return nil, fmt.Errorf("--stream-creds: %s has no credentials as nsc makes them (%w)", a.Creds, err)
	}
	return nats.UserCredentialBytes(content), nil
}

func (a Access) nkey() (nats.Option, error) {
	if _, err := readFile("--stream-nkey", a.NKey); err != nil {
		return nil, err
	}
	o, err := nats.NkeyOptionFromSeed(a.NKey)
	if err != nil {
		return nil, fmt.Errorf("--stream-nkey: %s has no seed of an nkey: %w", a.NKey, err)
	}
	return o, nil
}

// login reads USER:PASS from the first line of a file.
func (a Access) login() (nats.Option, error) {
	text, err := readFile("--stream-login", a.Login)
	if err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	user, password, ok := strings.Cut(strings.TrimRight(line, "\r"), ":")
	if !ok || user == "" || password == "" {
		return nil, fmt.Errorf("--stream-login: %s does not begin with a line USER:PASS", a.Login)
	}
	return nats.UserInfo(user, password), nil
}

func (a Access) authority() (nats.Option, error) {
	content, err := readFile("--stream-ca", a.CA)
	if err != nil {
		return nil, err
	}
	if !x509.NewCertPool().AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("--stream-ca: %s has no certificate (PEM)", a.CA)
	}
	return nats.RootCAs(a.CA), nil
}

func (a Access) certificate() (nats.Option, error) {
	certificate, err := readFile("--stream-cert", a.Cert)
	if err != nil {
		return nil, err
	}
	key, err := readFile("--stream-key", a.Key)
	if err != nil {
		return nil, err
	}
	if _, err := tls.X509KeyPair(certificate, key); err != nil {
		return nil, fmt.Errorf("--stream-cert and --stream-key: %s", brief(err))
	}
	return nats.ClientCert(a.Cert, a.Key), nil
}

// readFile reads the file of a setting.
func readFile(flag, file string) ([]byte, error) {
	content, err := outfile.Read(file, outfile.MaxSettings)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return content, nil
}

// explainDial says what to do about a connection that failed.
func (o *Options) explainDial(err error) error {
	where := strings.Join(o.Servers, ", ")
	a := &o.Access
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAuthRevoked), errors.Is(err, nats.ErrAccountAuthExpired):
		return fmt.Errorf("the server at %s refuses %s (%s)", where, a.credentials(), brief(err))
	case errors.Is(err, nats.ErrTimeout), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the server at %s does not answer in time: look at it, and at the network", where)
	case errors.Is(err, nats.ErrNoServers), errno.Is(err, syscall.ECONNREFUSED), errno.Is(err, syscall.ECONNRESET): // one that ends resets what it has not accepted yet
		return fmt.Errorf("no server answers at %s: start it, or correct --stream", where)
	case errors.As(err, &unknown):
		return fmt.Errorf("the certificate of the server at %s is not trusted: name the file of its authority by --stream-ca (%s)", where, brief(err))
	case errors.As(err, &host), errors.As(err, &invalid):
		return fmt.Errorf("the certificate of the server at %s is not good for it: %s", where, brief(err))
	case errors.Is(err, nats.ErrSecureConnWanted):
		return fmt.Errorf("the server at %s has no TLS: write nats:// in --stream, and give no --stream-ca", where)
	case strings.Contains(err.Error(), "tls: certificate required"), a.Cert == "" && strings.Contains(err.Error(), "after TLS handshake"):
		return fmt.Errorf("the server at %s asks for a certificate: give --stream-cert and --stream-key", where)
	default:
		return fmt.Errorf("can't connect to %s: %s", where, brief(err))
	}
}

// credentials says which credentials were refused.
func (a Access) credentials() string {
	var files []string
	for _, file := range []string{a.Creds, a.NKey, a.Login, a.Cert} {
		if file != "" {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return "a connection without credentials: give --stream-creds, --stream-nkey, --stream-login, or --stream-cert"
	}
	return "the credentials of " + strings.Join(files, " and ")
}

// brief is an error of the NATS client as a part of a line.
func brief(err error) string { return safe.Line(strings.TrimPrefix(err.Error(), "nats: ")) }
