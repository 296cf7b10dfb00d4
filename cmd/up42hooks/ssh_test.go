package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// sshUsers are the people of a test, with OpenSSH's own client.
type sshUsers struct {
	folder string
	env    []string
	port   string
	// said is all that came out of the server.
	said []func() string
}

// newUsers makes the keys of a viewer, an operator and a stranger.
func newUsers(t *testing.T) (u *sshUsers, keys string) {
	t.Helper()
	if _, err := exec.LookPath("ssh"); err != nil {
		t.Skip("OpenSSH's client (ssh) is not installed")
	}
	u = &sshUsers{folder: t.TempDir(), env: clitest.Home(t)}
	var lines []string
	for name, options := range map[string]string{"viewer": "", "operator": "role=operator ", "stranger": "#"} {
		lines = append(lines, options+u.newKey(t, name)+" "+name+"@desk")
	}
	keys = filepath.Join(u.folder, "keys")
	require.NoError(t, os.WriteFile(keys, []byte(strings.Join(lines, "\n")), 0o600))
	return u, keys
}

func (u *sshUsers) newKey(t *testing.T, name string) (public string) {
	t.Helper()
	pub, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	block, err := ssh.MarshalPrivateKey(private, name)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(u.folder, name), pem.EncodeToMemory(block), 0o600))
	key, err := ssh.NewPublicKey(pub)
	require.NoError(t, err)
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
}

// args are those of ssh for a user.
func (u *sshUsers) args(user string, args ...string) []string {
	all := []string{
		"-F", "none", "-p", u.port, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=accept-new",
		"-o", "UserKnownHostsFile=" + filepath.Join(u.folder, "known"), "-o", "BatchMode=yes", "-o", "SendEnv=LANG",
	}
	if user != "" {
		all = append(all, "-i", filepath.Join(u.folder, user))
	}
	return append(append(all, "127.0.0.1"), args...)
}

// looks opens the dashboard on a terminal.
func (u *sshUsers) looks(t *testing.T, user string) *clitest.Terminal {
	t.Helper()
	m := clitest.ProgramOnTerminal(t, u.env, 120, 36, "ssh", u.args(user)...)
	u.said = append(u.said, m.String)
	m.Sees(t, "0 Overview") // before that ssh has not made the terminal raw
	return m
}

// runs runs a command without a terminal.
func (u *sshUsers) runs(t *testing.T, user, input string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ssh", u.args(user, args...)...)
	var out, errs bytes.Buffer
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = u.env, strings.NewReader(input), &out, &errs
	_ = cmd.Run()
	u.said = append(u.said, out.String, errs.String)
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// serveSSH starts `listen` with SSH.
func (u *sshUsers) serveSSH(t *testing.T, env []string, args ...string) *clitest.Process {
	t.Helper()
	p := clitest.Receive(t, env, nil, append([]string{"--ssh", "127.0.0.1:0"}, args...)...)
	u.port = sshPort(t, p)
	u.said = append(u.said, p.Stdout.String, p.Stderr.String)
	return p
}

func sshPort(t *testing.T, p *clitest.Process) string {
	t.Helper()
	port, ok := p.Stderr.Await(`ssh: serving the dashboard" address=127\.0\.0\.1:(\d+)`)
	require.True(t, ok, "it said: %s", p.Stderr)
	return port
}

func TestOpenSSHAsViewerOperatorAndStranger(t *testing.T) {
	u, keys := newUsers(t)
	forwarded := make(chan struct{}, 9)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 0 {
			forwarded <- struct{}{}
		}
	}))
	defer target.Close()
	env := clitest.WithSecret(u.env)
	p := u.serveSSH(t, env, "--ssh-keys", keys, "--forward-to", target.URL)
	deliver(t, p, clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"), http.StatusOK)
	<-forwarded

	viewer := u.looks(t, "viewer")
	viewer.Key(t, "3")
	viewer.Sees(t, "order-one")
	viewer.Sees(t, "ssh: 1 looking")
	viewer.Key(t, "f")
	viewer.Sees(t, "which may not resend events")
	viewer.Key(t, "q")
	viewer.Ends(t)

	operator := u.looks(t, "operator")
	operator.Key(t, "3")
	operator.Sees(t, "order-one")
	operator.Key(t, "f")
	<-forwarded
	operator.Key(t, "t\r")
	operator.Sees(t, "sent a test event")
	operator.Key(t, "q")
	operator.Ends(t)

	_, errs, code := u.runs(t, "stranger", "")
	assert.Equal(t, 255, code)
	assert.Contains(t, errs, "Permission denied (publickey)")
	out, errs, code := u.runs(t, "viewer", "", "orders", "--json")
	assert.Zero(t, code, errs)
	assert.Contains(t, out, `"id":"order-one"`)
	u.sees(t, p)
}

// sees checks what the server says of who came, and that no secret went out.
func (u *sshUsers) sees(t *testing.T, p *clitest.Process) {
	t.Helper()
	for _, want := range []string{
		`ssh: session begins" address=127\.0\.0\.1 role=viewer comment=viewer@desk key=SHA256:\S+ runs=screen`, `tried=forward`,
		`an operator acted" address=127\.0\.0\.1 role=operator comment=operator@desk key=SHA256:\S+ did="resend events" event=1`,
		`did="send test events"`, `somebody was not let in" address=127\.0\.0\.1 key=SHA256:`, `runs="orders --json"`,
	} {
		_, ok := p.Stderr.Await(want)
		assert.True(t, ok, "%s in: %s", want, p.Stderr)
	}
	for _, said := range u.said {
		assert.NotContains(t, said(), clitest.Secret)
	}
	fingerprint, _ := p.Stderr.Await(`fingerprint=(\S+)`)
	known, err := os.ReadFile(filepath.Join(u.folder, "known"))
	require.NoError(t, err)
	_, _, key, _, _, err := ssh.ParseKnownHosts(known)
	require.NoError(t, err)
	assert.Equal(t, fingerprint, ssh.FingerprintSHA256(key), "the client knows the host by the key that the log names")
	out, _, _ := clitest.Run(t, u.env, "doctor", "--ssh", "127.0.0.1:0", "--ssh-keys", filepath.Join(u.folder, "keys"), "--test=false")
	assert.Contains(t, out, fingerprint)
	assert.Contains(t, out, "2 keys may look over SSH, 1 of them with role=operator")
}

func TestOpenSSHWithoutATerminal(t *testing.T) {
	u, keys := newUsers(t)
	env := clitest.WithSecret(u.env)
	p := u.serveSSH(t, env, "--ssh-keys", keys)
	deliver(t, p, clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"), http.StatusOK)
	request, _, code := u.runs(t, "viewer", "", "events", "get", "1", "--http")
	require.Zero(t, code)
	out, errs, code := u.runs(t, "viewer", request, "verify")
	assert.Zero(t, code, errs)
	assert.Contains(t, out, "verified")
	_, errs, code = u.runs(t, "operator", "", "verify", "/etc/passwd")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "verify reads no file of the server")
	_, errs, code = u.runs(t, "operator", "")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "the dashboard needs a terminal: ssh -t")
	for _, said := range u.said {
		assert.NotContains(t, said(), clitest.Secret)
	}
}

func TestOpenSSHAsAudience(t *testing.T) {
	u, _ := newUsers(t)
	p, err := clitest.Start(u.env, nil, "demo", "--ssh", "127.0.0.1:0", "--audience", "--audience-limit", "1", "--seed", "3")
	require.NoError(t, err)
	defer func() {
		p.Signal(os.Interrupt)
		<-p.Done
	}()
	u.port = sshPort(t, p)
	_, ok := p.Stderr.Await(`the audience types" command="ssh -p ` + u.port + ` localhost"`)
	require.True(t, ok, "it said: %s", p.Stderr)
	_, ok = p.Stdout.Await(`"name":"order.status"|"event":"order.status"`)
	require.True(t, ok, "it printed: %s", p.Stdout)
	someone := u.looks(t, "")
	someone.Key(t, "2")
	someone.Sees(t, "ssh: 1 looking")
	someone.Key(t, "P")
	someone.Sees(t, "P does nothing here")
	_, errs, code := u.runs(t, "stranger", "", "orders")
	assert.Equal(t, 255, code)
	assert.Contains(t, errs, "1 session is open, which is the limit: try again later")
	someone.Key(t, "q")
	someone.Ends(t)
	out, _, code := u.runs(t, "", "", "orders", "--json")
	assert.Zero(t, code)
	id, ok := p.Stdout.Await(`"id":"([0-9a-f-]{36})"`)
	require.True(t, ok)
	assert.NotContains(t, out+someone.String(), id, "the ids are stand-ins")
}

// The screen of the speaker says what to type, and shows it as a QR code.
func TestTheDemoInvitesTheAudience(t *testing.T) {
	m := clitest.OnTerminal(t, clitest.Home(t), 80, 24, "demo", "--ssh", "127.0.0.1:0", "--audience")
	m.Sees(t, "Look yourself: ssh -p ")
	m.Sees(t, "0 of 50 look; Q: QR code")
	m.Key(t, "Q")
	shown := m.Sees(t, "█▀▀▀▀▀█")
	assert.Contains(t, shown, "ssh -p ")
	m.Key(t, "Q")
	m.Sees(t, "Look yourself")
	m.Key(t, "q")
	m.Sees(t, "q again ends the receiver, too, and deletes its store")
	m.Key(t, "q")
	m.Ends(t)
}

// What can't be served is said, and nothing is opened.
func TestSSHThatCantBeServed(t *testing.T) {
	env := clitest.Home(t)
	bad := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(bad, []byte("# who may look\nrole=admin ssh-ed25519 AAAA x\n"), 0o600))
	expired := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(expired, []byte("expiry-time=20200101 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f x\n"), 0o600))
	taken := httptest.NewServer(http.NotFoundHandler())
	defer taken.Close()
	for _, tc := range []struct {
		want string
		args []string
	}{
		{`keys, line 2: option role: "admin" is no role: want viewer or operator`, []string{"listen", "--ssh", ":0", "--ssh-keys", bad}},
		{"--ssh :0 is not only for this machine, so it needs --ssh-keys FILE", []string{"listen", "--ssh", ":0"}},
		{"all keys have expired, the last one on line 1", []string{"listen", "--ssh", ":0", "--ssh-keys", expired}},
		{"--ssh-keys says who may look over SSH, and needs --ssh ADDR", []string{"listen", "--ssh-keys", bad}},
		{"want HOST:PORT, like 127.0.0.1:2222 or :2222", []string{"listen", "--ssh", "2222"}},
		{"is taken by another program: end that program, or choose another address, with --ssh ", []string{"listen", "--ssh", strings.TrimPrefix(taken.URL, "http://")}},
		{"--audience and --ssh-keys need --ssh ADDR", []string{"demo", "--audience"}},
		{"--audience-limit needs --audience", []string{"demo", "--ssh", "127.0.0.1:0", "--audience-limit", "3"}},
		{"want a number from 1 to 128", []string{"demo", "--ssh", "127.0.0.1:0", "--audience", "--audience-limit", "0"}},
		{"--audience lets everybody look, so --ssh-keys has no meaning", []string{"demo", "--ssh", ":0", "--audience", "--ssh-keys", bad}},
	} {
		args := tc.args
		if args[0] == "listen" {
			args = append(args, "--listen", "127.0.0.1:0")
		}
		out, errs, code := clitest.Run(t, env, args...)
		assert.Contains(t, errs, tc.want, "%v", args)
		assert.NotZero(t, code)
		assert.Empty(t, out)
		assert.NotContains(t, errs, "receiving deliveries")
	}
}
