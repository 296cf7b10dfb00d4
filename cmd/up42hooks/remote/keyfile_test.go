package remote_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
)

// newKey makes a pair of keys; line is the public one as a file has it.
func newKey(t testing.TB) (private ssh.Signer, line string) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return signerOf(t, key)
}

func signerOf(t testing.TB, key any) (private ssh.Signer, line string) {
	t.Helper()
	private, err := ssh.NewSignerFromKey(key)
	require.NoError(t, err)
	return private, strings.TrimSpace(string(ssh.MarshalAuthorizedKey(private.PublicKey())))
}

// keyFile writes a file with keys.
func keyFile(t testing.TB, lines ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	return name
}

var anywhere = netip.MustParseAddr("192.0.2.7")

func TestRolesAndCommentsOfKeys(t *testing.T) {
	a, ada := newKey(t)
	b, bob := newKey(t)
	c, eve := newKey(t)
	f, err := remote.ReadKeyFile(keyFile(t,
		"\ufeff# who may look", "", "  "+ada+"\tada@laptop, at work \r", `role=operator,restrict,pty `+bob+" bob", `from="10.0.0.0/8,!10.9.*",ROLE="viewer",no-pty `+eve,
	), time.Now)
	require.NoError(t, err)
	find := func(s ssh.Signer, from string) (remote.Key, error) {
		return f.Find(s.PublicKey(), netip.MustParseAddr(from))
	}

	k, err := find(a, "192.0.2.7")
	require.NoError(t, err)
	assert.Equal(t, remote.Viewer, k.Role)
	assert.Equal(t, "ada@laptop, at work", k.Comment)
	assert.Equal(t, 3, k.Line)
	assert.Equal(t, ssh.FingerprintSHA256(a.PublicKey()), k.Fingerprint())
	k, err = find(b, "192.0.2.7")
	require.NoError(t, err)
	assert.Equal(t, remote.Operator, k.Role)
	assert.False(t, k.NoTerminal)
	k, err = find(c, "10.1.2.3")
	require.NoError(t, err)
	assert.True(t, k.NoTerminal)
	for _, from := range []string{"10.9.2.3", "11.0.0.1", "2001:db8::1"} {
		_, err = find(c, from)
		assert.ErrorContains(t, err, "line 5 may not be used from this address", from)
	}
	_, err = find(c, "::ffff:10.1.2.3")
	assert.NoError(t, err, "it is the same address")
	stranger, _ := newKey(t)
	_, err = find(stranger, "10.1.2.3")
	assert.ErrorContains(t, err, "is not in the file")
}

func TestTypesOfKeys(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skip("this Go makes no small keys")
	}
	large, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	_, bad := signerOf(t, small)
	_, good := signerOf(t, large)
	_, alsoGood := signerOf(t, curve)
	_, err = remote.ReadKeyFile(keyFile(t, good, alsoGood), time.Now)
	require.NoError(t, err)
	_, err = remote.ReadKeyFile(keyFile(t, good, bad), time.Now)
	assert.ErrorContains(t, err, "line 2: the key has 1024 bits: want 2048")
}

func TestALineThatIsWrongIsNamed(t *testing.T) {
	_, ada := newKey(t)
	_, bob := newKey(t)
	kind, rest, _ := strings.Cut(ada, " ")
	for line, want := range map[string]string{
		`role=admin ` + ada:                       `option role: "admin" is no role: want viewer or operator`,
		`role ` + ada:                             "option role: it needs a value",
		`role=viewer,role=operator ` + ada:        "option role is there twice",
		`rolle=viewer ` + ada:                     "option rolle: it is not known: did you mean role?",
		`frobnicate ` + ada:                       "option frobnicate: it is not known: want role, from",
		`command="rm -rf /" ` + ada:               "option command: no forced commands are run here",
		`environment="A=b" ` + ada:                "option environment: sessions have no environment",
		`port-forwarding ` + ada:                  "option port-forwarding: no port is forwarded here",
		`X11-forwarding ` + ada:                   "option x11-forwarding: X11 is not forwarded",
		`agent-forwarding ` + ada:                 "option agent-forwarding: no agent",
		`permitopen="host:25" ` + ada:             "option permitopen: nothing is forwarded",
		`cert-authority ` + ada:                   "option cert-authority: certificates are not accepted",
		`tunnel="0" ` + ada:                       "option tunnel: there are no tunnels",
		`verify-required ` + ada:                  "option verify-required:",
		`restrict=yes ` + ada:                     "option restrict: it takes no value",
		`from="host.example" ` + ada:              "names of hosts are not looked up",
		`from="10.0.0.1/8" ` + ada:                "has bits behind its mask",
		`from="!10.0.0.1" ` + ada:                 "lets nobody in",
		`from="" ` + ada:                          "option from: it needs a value",
		`expiry-time="tomorrow" ` + ada:           "want a time like",
		`expiry-time="20270231" ` + ada:           "want a time like",
		`from="10.0.0.1 ` + ada:                   "a quote is not closed",
		`role="viewer"x ` + ada:                   "text follows the quoted value",
		`, ` + ada:                                "an option is missing beside a comma: remove the comma",
		`role=viewer, ` + ada:                     "an option is missing beside a comma",
		`role=viewer,,restrict ` + ada:            "an option is missing beside a comma",
		`role=viewer`:                             "want options, the type of the key, the key",
		`role=viewer ` + kind:                     "the key can't be read",
		kind:                                      "the key can't be read",
		kind + " not-base64! ada":                 "it is no base64",
		kind + " " + rest[:20]:                    "the key",
		"ssh-rsa " + rest:                         "the line says ssh-rsa, but the key is of another type",
		"ssh-dss AAAA":                            `"ssh-dss" is no type of key that is accepted`,
		"ssh-ed25519-cert-v01@openssh.com AAAA x": "is no type of key that is accepted",
		"-----BEGIN OPENSSH PRIVATE KEY-----":     "this is a private key",
		bob:                                       "the key of line 2 again",
		"hello":                                   "want options, the type of the key",
		"role=viewer \x1b[2Jbad AAAA":             `"?[2Jbad" is no type of key`,
		"\xff\xfe":                                "it is not text",
	} {
		_, err := remote.ReadKeyFile(keyFile(t, "# comment", bob, "", line), time.Now)
		if assert.ErrorContains(t, err, "keys, line 4: ", line) {
			assert.ErrorContains(t, err, want, line)
			assert.NotContains(t, err.Error(), rest, "the key itself is not repeated")
		}
	}
}

func TestFilesOfKeysThatAreRefused(t *testing.T) {
	_, ada := newKey(t)
	_, err := remote.ReadKeyFile(keyFile(t, "# nobody"), time.Now)
	assert.ErrorContains(t, err, "has no key")
	_, bob := newKey(t)
	_, err = remote.ReadKeyFile(keyFile(t, "expiry-time=20200103 "+ada, "expiry-time=20200101 "+bob), time.Now)
	assert.ErrorContains(t, err, "keys: all keys have expired, the last one on line 1")
	_, err = remote.ReadKeyFile(keyFile(t, "expiry-time=20200103 "+ada, bob), time.Now)
	assert.NoError(t, err)
	_, err = remote.ReadKeyFile(filepath.Join(t.TempDir(), "missing"), time.Now)
	assert.ErrorContains(t, err, "does not exist")
	_, err = remote.ReadKeyFile(t.TempDir(), time.Now)
	assert.ErrorContains(t, err, "is a folder")
	if runtime.GOOS == "windows" {
		return
	}
	open := keyFile(t, ada)
	require.NoError(t, os.Chmod(open, 0o664))
	_, err = remote.ReadKeyFile(open, time.Now)
	assert.ErrorContains(t, err, "chmod go-w "+open)
}

func TestAKeyExpires(t *testing.T) {
	a, ada := newKey(t)
	now := time.Date(2027, 1, 31, 11, 59, 59, 0, time.UTC)
	f, err := remote.ReadKeyFile(keyFile(t, "expiry-time=202701311200Z "+ada), func() time.Time { return now })
	require.NoError(t, err)
	_, err = f.Find(a.PublicKey(), anywhere)
	require.NoError(t, err)
	now = now.Add(time.Second)
	_, err = f.Find(a.PublicKey(), anywhere)
	assert.ErrorContains(t, err, "the key of line 1 has expired")
}

// A key that is removed from the file does not get in any more. While a line is wrong nobody does.
func TestAFileThatChangesIsReadAgain(t *testing.T) {
	a, ada := newKey(t)
	b, bob := newKey(t)
	name := keyFile(t, ada)
	f, err := remote.ReadKeyFile(name, time.Now)
	require.NoError(t, err)
	write := func(lines ...string) {
		require.NoError(t, os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600))
	}

	write(bob, "# another one")
	_, err = f.Find(a.PublicKey(), anywhere)
	assert.ErrorContains(t, err, "is not in the file")
	_, err = f.Find(b.PublicKey(), anywhere)
	require.NoError(t, err)
	write(bob, "nonsense")
	_, err = f.Find(b.PublicKey(), anywhere)
	assert.ErrorContains(t, err, "line 2: ")
	require.NoError(t, os.Remove(name))
	_, err = f.Find(b.PublicKey(), anywhere)
	assert.ErrorContains(t, err, "does not exist")
}

func TestFormsOfOneAddress(t *testing.T) {
	a, ada := newKey(t)
	for list, want := range map[string]struct {
		from string
		in   bool
	}{
		`*,!fe80::/10`:         {"fe80::1%eth0", false},
		`fe80::*`:              {"fe80::1%eth0", true},
		`fe80::1`:              {"fe80::1%eth0", true},
		`fe80::1%eth0`:         {"fe80::1%eth1", false},
		`::ffff:10.0.0.0/104`:  {"10.1.2.3", true},
		`*,!::ffff:0.0.0.0/97`: {"10.1.2.3", false},
		`::ffff:10.1.2.3`:      {"10.1.2.3", true},
		`10.1.2.3`:             {"::ffff:10.1.2.3", true},
	} {
		f, err := remote.ReadKeyFile(keyFile(t, `from="`+list+`" `+ada), time.Now)
		require.NoError(t, err, list)
		_, err = f.Find(a.PublicKey(), netip.MustParseAddr(want.from))
		assert.Equal(t, want.in, err == nil, "%s, %s: %v", list, want.from, err)
	}
}
