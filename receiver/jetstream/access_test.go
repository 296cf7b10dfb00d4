package jetstream_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
)

func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

// joins requires that a member can publish with some credentials.
func joins(t *testing.T, o jetstream.Options) {
	t.Helper()
	store := newMemory()
	store.Add(orders(1)...)
	o.Store = store
	team, _ := join(t, o)
	published(t, team, 1)
}

func TestAPasswordInAFile(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, func(o *server.Options) { o.Username, o.Password = "me", "p:ss" })
	servers := []string{s.URL()}
	joins(t, jetstream.Options{Servers: servers, Access: jetstream.Access{Login: file(t, "me:p:ss\r\n# more\n")}})
	wrong := file(t, "me:hush\n")
	text := problem(t, jetstream.Options{Servers: servers, Access: jetstream.Access{Login: wrong}}, "refuses the credentials of "+wrong)
	assert.NotContains(t, text, "hush")
	problem(t, jetstream.Options{Servers: servers}, "refuses a connection without credentials: give --stream-creds, --stream-nkey, --stream-login")
	problem(t, jetstream.Options{Servers: servers, Access: jetstream.Access{Login: file(t, "hush")}}, "does not begin with a line USER:PASS")
	none := filepath.Join(t.TempDir(), "none")
	missing := filepath.Join(none, "such")
	problem(t, jetstream.Options{Servers: servers, Access: jetstream.Access{Login: missing}}, "--stream-login: "+missing+" can't be there: there is no folder "+none)
	problem(t, jetstream.Options{Servers: servers, Access: jetstream.Access{Creds: missing}}, "--stream-creds: "+missing+" can't be there: there is no folder "+none)
}

func TestAnNKey(t *testing.T) {
	t.Parallel()
	key, err := nkeys.CreateUser()
	require.NoError(t, err)
	public, err := key.PublicKey()
	require.NoError(t, err)
	seed, err := key.Seed()
	require.NoError(t, err)
	s := natstest.Start(t, func(o *server.Options) { o.Nkeys = []*server.NkeyUser{{Nkey: public}} })
	joins(t, jetstream.Options{Servers: []string{s.URL()}, Access: jetstream.Access{NKey: file(t, string(seed)+"\n")}})
	text := problem(t, jetstream.Options{Servers: []string{s.URL()}, Access: jetstream.Access{NKey: file(t, "hush")}}, "has no seed of an nkey")
	assert.NotContains(t, text, "hush")
}

func TestCreds(t *testing.T) {
	t.Parallel()
	operator, account, user := pair(t, nkeys.CreateOperator), pair(t, nkeys.CreateAccount), pair(t, nkeys.CreateUser)
	claims := jwt.NewAccountClaims(account.public)
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: -1, MemoryStorage: -1, Streams: -1, Consumer: -1}
	accountJWT, err := claims.Encode(operator.key)
	require.NoError(t, err)
	userJWT, err := jwt.NewUserClaims(user.public).Encode(account.key)
	require.NoError(t, err)
	resolver := &server.MemAccResolver{}
	require.NoError(t, resolver.Store(account.public, accountJWT))
	system := pair(t, nkeys.CreateAccount)
	systemJWT, err := jwt.NewAccountClaims(system.public).Encode(operator.key)
	require.NoError(t, err)
	require.NoError(t, resolver.Store(system.public, systemJWT))
	s := natstest.Start(t, func(o *server.Options) {
		o.TrustedKeys, o.AccountResolver, o.SystemAccount = []string{operator.public}, resolver, system.public
	})
	seed, err := user.key.Seed()
	require.NoError(t, err)
	creds, err := jwt.FormatUserConfig(userJWT, seed)
	require.NoError(t, err)
	joins(t, jetstream.Options{Servers: []string{s.URL()}, Access: jetstream.Access{Creds: file(t, string(creds))}})
	problem(t, jetstream.Options{Servers: []string{s.URL()}, Access: jetstream.Access{Creds: file(t, "hush")}}, "has no credentials as nsc makes them")
}

type keyPair struct {
	key    nkeys.KeyPair
	public string
}

func pair(t *testing.T, create func() (nkeys.KeyPair, error)) keyPair {
	t.Helper()
	key, err := create()
	require.NoError(t, err)
	public, err := key.PublicKey()
	require.NoError(t, err)
	return keyPair{key, public}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	certificate, _, _ := ca.issue(t)
	_, certFile, keyFile := ca.issue(t)
	s := natstest.Start(t, func(o *server.Options) {
		o.TLS, o.TLSTimeout = true, 5
		o.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, ClientCAs: ca.pool, ClientAuth: tls.RequireAndVerifyClientCert}
	})
	servers := []string{strings.Replace(s.URL(), "nats://", "tls://", 1)}
	joins(t, jetstream.Options{Servers: servers, Access: jetstream.Access{CA: ca.file, Cert: certFile, Key: keyFile}})
	problem(t, jetstream.Options{Servers: servers, Access: jetstream.Access{CA: ca.file}}, "asks for a certificate: give --stream-cert and --stream-key")
	problem(t, jetstream.Options{Servers: servers}, "is not trusted: name the file of its authority by --stream-ca")
	plain := natstest.Start(t)
	problem(t, jetstream.Options{Servers: []string{plain.URL()}, Access: jetstream.Access{CA: ca.file}}, "has no TLS")
}

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pool        *x509.CertPool
	file        string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(certificate)
	return &authority{certificate, key, pool, file(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))}
}

// issue makes a certificate for 127.0.0.1 and its files.
func (a *authority) issue(t *testing.T) (_ tls.Certificate, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "team"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certPEM, keyPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	require.NoError(t, err)
	return pair, file(t, string(certPEM)), file(t, string(keyPEM))
}
