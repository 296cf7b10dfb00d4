//go:build unix

package main

import (
	"cmp"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// recut is what somebody makes of captured bytes who has no secret: another list. Here it
// is signed, as the captured signature would be good too.
func recut(t *testing.T, url, message string) int {
	t.Helper()
	body := clitest.Delivery(message, "o-forged", "FULFILLED")
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(string(body)))
	require.NoError(t, err)
	req.Header.Set("X-Other", "captured")
	over := signature.Request{Header: req.Header, Host: req.Host, Body: body}
	require.NoError(t, signature.Sign(over, clitest.Secret, []string{"x-other"}, time.Now()))
	code, _ := do(t, req)
	return code
}

// While nothing is pinned, listen and doctor say so. They name the list that genuine
// deliveries are signed over. The screen pins it, and a viewer does not.
func TestTheListThatDeliveriesAreSignedOverCanBePinned(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	file := filepath.Join(strings.TrimPrefix(env[0], "HOME="), ".config/up42hooks/config.yaml")
	p := clitest.Receive(t, env, nil, "--forward-to", "http://127.0.0.1:1/hook")
	assert.Contains(t, p.Stderr.String(), "no list of signed headers is pinned")
	assert.Contains(t, p.Stderr.String(), "forward targets see whole requests")
	for _, m := range []string{"m1", "m2", "m3"} {
		status, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery(m, "o-"+m, "PLACED"))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
	}
	require.Equal(t, http.StatusOK, recut(t, p.URL, "m4"), "not pinned: it is partial")
	doctor := func() string {
		d, err := clitest.Start(append(env, "UP42_API_URL=http://127.0.0.1:1"), nil, "doctor", "--test=false")
		require.NoError(t, err)
		d.Wait()
		return d.Stdout.String()
	}
	assert.Regexp(t, `! warn pinning +no list of signed headers is pinned: whoever captured one request`, doctor())
	assert.Contains(t, doctor(), "write components: [date, digest] into "+file+", or give --components date,digest")
	p.Signal(os.Interrupt)
	<-p.Done

	again := clitest.Receive(t, env, nil)
	assert.Contains(t, again.Stderr.String(), `advice="--components date,digest"`)
	again.Signal(os.Interrupt)
	<-again.Done

	screen := clitest.OnTerminal(t, env, 132, 30, "--listen", "127.0.0.1:0")
	address, ok := screen.Await(`(127\.0\.0\.1:\d+)\D`)
	require.True(t, ok)
	_, ok = screen.Await("H pins signed headers")
	require.True(t, ok, "on the screen: %q", screen)
	viewer := clitest.OnTerminal(t, env, 132, 30)
	_, ok = viewer.Await("viewer")
	require.True(t, ok, "on the screen: %q", viewer)
	viewer.Key(t, "H")
	_, ok = viewer.Await("this screen is a viewer: the process that receives pins")
	require.True(t, ok, "on the screen: %q", viewer)
	assert.NoFileExists(t, file)

	screen.Key(t, "H")
	_, ok = screen.Await("H again pins date, digest")
	require.True(t, ok, "on the screen: %q", screen)
	assert.NoFileExists(t, file)
	screen.Key(t, "H")
	_, ok = screen.Await("pinned, and written into")
	require.True(t, ok, "on the screen: %q", screen)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "components: [date, digest]\n", string(text))
	assert.Equal(t, http.StatusUnauthorized, recut(t, "http://"+address+"/receive-webhooks", "m5"), "at once")
	assert.Contains(t, doctor(), "only signatures over date, digest are accepted")
	for _, m := range []*clitest.Terminal{viewer, screen} {
		m.Key(t, "\x03")
		m.Ends(t)
	}
}

// What a target can't get, or gets in another way than it expects, is said at the start and by
// doctor.
func TestTheStartSaysWhatTargetsDoNotGet(t *testing.T) {
	t.Parallel()
	env := append(clitest.WithSecret(clitest.Home(t)), "UP42_COMPONENTS=authorization,host,digest,webhook-id", "UP42_API_URL=http://127.0.0.1:1")
	const lost, host = "nobody behind the forward targets can verify them: ", "signatures cover the host, so forward targets get the host"
	for _, tc := range []struct {
		args       []string
		lost, host string
	}{
		{nil, "", ""},
		{[]string{"--exec", "/bin/true"}, "", ""},
		{[]string{"--forward-to", "http://127.0.0.1:1"}, lost + "authorization", host},
		{[]string{"--forward-to", "http://127.0.0.1:1", "--forward-own-host"}, lost + "authorization, host", ""},
		{[]string{"--forward-to", "http://127.0.0.1:1", "--components", "date,digest"}, "", ""},
	} {
		p := clitest.Receive(t, env, nil, tc.args...)
		p.Signal(os.Interrupt)
		<-p.Done
		out, _, _ := clitest.Run(t, env, append([]string{"doctor", "--test=false", "--listen", "127.0.0.1:0"}, tc.args...)...)
		for _, text := range []string{p.Stderr.String(), out} {
			assert.Equal(t, tc.lost != "", strings.Contains(text, cmp.Or(tc.lost, lost)), text)
			assert.Equal(t, tc.host != "", strings.Contains(text, cmp.Or(tc.host, host)), text)
		}
	}
	_, stderr, code := clitest.Run(t, env, "listen", "--components", "(request-target),host,date")
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "signatures over (request-target), @method and the like are rejected, and can't be forwarded either")
}
