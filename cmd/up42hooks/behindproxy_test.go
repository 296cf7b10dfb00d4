//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// post sends a delivery that is signed with a secret, after a change of the request. It
// returns the status of the answer.
func post(t *testing.T, url, secret string, change func(*http.Request)) int {
	t.Helper()
	r := receivertest.SignedRequest(t, url, clitest.Delivery(time.Now().String(), "o1", "PLACED"), secret)
	change(r)
	res, err := clitest.HTTPClient(t).Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}

func header(name string, values ...string) func(*http.Request) {
	return func(r *http.Request) { r.Header[name] = values }
}

// The address of the client is in the log, in JSON and in the description of a delivery,
// and only what the proxy wrote is believed.
func TestTheClientOfATrustedProxyIsTheSender(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil, "--trusted-proxy", "127.0.0.0/8,::ffff:10.0.0.0/104")
	for want, change := range map[string]func(*http.Request){
		"198.51.100.1": header("X-Forwarded-For", "203.0.113.1, 198.51.100.1"),
		"198.51.100.2": header("X-Forwarded-For", "203.0.113.1", "198.51.100.2:4711, 10.1.1.1"),
		"2001:db8::3":  header("Forwarded", `for=_hidden, for="[2001:db8::3]:_port";host="x;for=203.0.113.1"`),
		"127.0.0.1:":   header("Forwarded", `for=203.0.113.1, for=unknown`),
	} {
		assert.Equal(t, 200, post(t, p.URL, clitest.Secret, change), want)
		assert.Equal(t, 401, post(t, p.URL, "another secret", change), want)
		_, ok := p.Stderr.Await(`rejected a delivery" .*from="?` + strings.NewReplacer(".", `\.`, "[", `\[`).Replace(want))
		assert.True(t, ok, "%s in %s", want, p.Stderr)
		for _, rejected := range []string{"", "--rejected"} {
			require.Eventually(t, func() bool {
				out, _, _ := clitest.Run(t, env, strings.Fields("events --json "+rejected)...)
				return strings.Contains(out, `"from":"`+want)
			}, clitest.Patience, 20*time.Millisecond, "%s %s", want, rejected)
		}
	}
	assert.Equal(t, 200, post(t, p.URL, clitest.Secret, header("X-Real-Ip", "203.0.113.1")))
	out, _, _ := clitest.Run(t, env, "events", "--json")
	assert.NotContains(t, out, `"from":"203.0.113`, "a client can set it")
	out, _, code := clitest.Run(t, env, "events", "get", "5")
	assert.Zero(t, code)
	assert.Contains(t, out, "sent from   127.0.0.1:")
}

// Doctor says if a proxy is not named, or names its client in a way that can't be believed.
func TestDoctorOnAProxy(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args   []string
		change func(*http.Request)
		want   string // empty: nothing
	}{
		{nil, header("X-Forwarded-For", "198.51.100.1"), "give --trusted-proxy 127.0.0.1"},
		{[]string{"--trusted-proxy", "127.0.0.1"}, header("X-Forwarded-For", "198.51.100.1"), ""},
		{[]string{"--trusted-proxy", "127.0.0.1"}, header("Forwarded", "for=unknown"), "names no client that can be believed"},
		{nil, func(*http.Request) {}, ""},
	} {
		env := clitest.WithSecret(clitest.Home(t))
		p := clitest.Receive(t, env, nil, tc.args...)
		require.Equal(t, 200, post(t, p.URL, clitest.Secret, tc.change))
		out, _, _ := clitest.Run(t, env, append([]string{"doctor", "--test=false"}, tc.args...)...)
		if tc.want == "" {
			assert.NotRegexp(t, "come through a proxy|names no client", out)
			continue
		}
		assert.Contains(t, out, tc.want)
	}
}

// A slash more or less in a URL loses no delivery.
func TestSlashesAreForgiven(t *testing.T) {
	t.Parallel()
	for path, asked := range map[string][]string{
		"":        {"/receive-webhooks", "/receive-webhooks/", "//receive-webhooks", "/receive-webhooks//"},
		"/in":     {"/in", "/in/"},
		"in":      {"/in", "/in/"},
		"/in/up/": {"/in/up", "/in//up/", "/in/up/?x=y"},
		"/":       {"", "/", "//"},
	} {
		p := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "UP42_PATH="+path), nil)
		base := p.URL[:strings.Index(p.URL[len("http://"):], "/")+len("http://")]
		for _, a := range asked {
			assert.Equal(t, 200, post(t, base+a, clitest.Secret, func(*http.Request) {}), "%q at %q", a, path)
		}
		assert.Equal(t, 404, post(t, base+"/elsewhere", clitest.Secret, func(*http.Request) {}))
		res, err := clitest.HTTPClient(t).Post(base+"/ping/", "text/plain", bytes.NewReader(nil))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, 200, res.StatusCode)
	}
}

// signedOver signs a delivery over these headers, as UP42 may do.
func signedOver(t *testing.T, url string, components ...string) *http.Request {
	t.Helper()
	body := clitest.Delivery(time.Now().String(), "o1", "PLACED")
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	r.Host = "hooks.example.com"
	require.NoError(t, signature.Sign(signature.Request{Header: r.Header, Host: r.Host, Body: body}, clitest.Secret, components, time.Now()))
	return r
}

// setBody replaces the body of a request.
func setBody(r *http.Request, body []byte) {
	r.Body, r.ContentLength, r.GetBody = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
}

func bodyOf(t *testing.T, r *http.Request) []byte {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return body
}

// What a proxy did to a delivery is named in the log, in the description of the delivery,
// by doctor and by verify.
func TestWhatAProxyDidIsNamed(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	for i, tc := range []struct {
		change func(r *http.Request)
		cause  string
	}{
		{func(r *http.Request) {
			var out bytes.Buffer
			w := gzip.NewWriter(&out)
			_, _ = w.Write(bodyOf(t, r))
			_ = w.Close()
			setBody(r, out.Bytes())
			r.Header.Set("Content-Encoding", "gzip")
		}, "it was compressed (Content-Encoding: gzip). Without that it matches its digest"},
		{func(r *http.Request) { setBody(r, []byte("\x8b\x02\x80")); r.Header.Set("Content-Encoding", "br") }, "compressed (Content-Encoding: br)"},
		{func(r *http.Request) {
			var out bytes.Buffer
			require.NoError(t, json.Indent(&out, bodyOf(t, r), "", "  "))
			setBody(r, out.Bytes())
		}, "a program read the JSON and wrote it again"},
		{func(r *http.Request) {
			r.Host = "127.0.0.1:9888"
			r.Header.Set("X-Forwarded-Host", "hooks.example.com")
		}, "the Host header was changed on the way"},
		{func(r *http.Request) { r.Host = "127.0.0.1:9888" }, "which is 127.0.0.1:9888 here"},
		{func(r *http.Request) { r.Header.Add("Date", time.Now().UTC().Format(http.TimeFormat)) }, "something in between added one of its own"},
		{func(r *http.Request) { r.Header["X-Amzn-Remapped-Date"] = r.Header["Date"]; r.Header.Del("Date") }, "renamed it to X-Amzn-Remapped-Date"},
		{func(r *http.Request) { r.Header.Del("Signature-Input") }, "no Signature-Input: something in between dropped it"},
	} {
		r := signedOver(t, p.URL, "date", "digest", "host")
		tc.change(r)
		res, err := clitest.HTTPClient(t).Do(r)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.NotEqual(t, 200, res.StatusCode, tc.cause)
		_, ok := p.Stderr.Await(`rejected a delivery" .*cause=.*` + regexp.QuoteMeta(tc.cause))
		assert.True(t, ok, "%s in %s", tc.cause, p.Stderr)
		number := "r" + strconv.Itoa(i+1)
		var out string
		require.Eventually(t, func() bool {
			var code int
			out, _, code = clitest.Run(t, env, "events", "get", number)
			return code == 0
		}, clitest.Patience, 20*time.Millisecond)
		assert.Contains(t, out, tc.cause)
		request, _, _ := clitest.Run(t, env, "events", "get", number, "--http")
		out, _, code := clitest.Run(t, env, "verify", writeFile(t, request))
		assert.Equal(t, 1, code)
		assert.Contains(t, out, tc.cause)
	}
	out, _, _ := clitest.Run(t, env, "doctor", "--listen", "127.0.0.1:0", "--test=false")
	for _, cause := range []string{"it was compressed", "Content-Encoding: br", "wrote it again", "the Host header was changed", "Turn off the compression", "proxy_set_header Host $host"} {
		assert.Contains(t, strings.Join(strings.Fields(out), " "), cause)
	}
}

// A proxy that does not speak plain HTTP to the receiver is told of.
func TestWhatIsNoHTTPIsNamed(t *testing.T) {
	t.Parallel()
	p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil)
	address := strings.TrimSuffix(strings.TrimPrefix(p.URL, "http://"), "/receive-webhooks")
	c, err := net.Dial("tcp", address)
	require.NoError(t, err)
	assert.Error(t, tls.Client(c, &tls.Config{ServerName: "hooks.example.com"}).HandshakeContext(t.Context()))
	require.NoError(t, c.Close())
	for _, preface := range []string{"PROXY TCP4 198.51.100.1 127.0.0.1 4711 80\r\n", "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x7f\x00\x00\x01\x7f\x00\x00\x01\x00\x50\x00\x50"} {
		c, err := net.Dial("tcp", address)
		require.NoError(t, err)
		_, err = io.WriteString(c, preface+"GET /ping HTTP/1.1\r\nHost: h\r\n\r\n")
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, c)
		require.NoError(t, c.Close())
	}
	c, err = net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = io.WriteString(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
	require.NoError(t, err)
	_, ok := p.Stderr.Await(`refused a request that is not HTTP" cause="It begins like HTTP/2`)
	assert.True(t, ok, "%s", p.Stderr)
	require.NoError(t, c.Close())
	_, ok = p.Stderr.Await(`refused a request that is not HTTP" cause="It begins like TLS`)
	assert.True(t, ok, "%s", p.Stderr)
	_, ok = p.Stderr.Await(`(?s)It begins with the PROXY protocol.*It begins with the PROXY protocol`)
	assert.True(t, ok, "%s", p.Stderr)
}
