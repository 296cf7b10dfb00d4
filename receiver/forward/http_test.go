//go:build unix

package forward_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

func post(t *testing.T, url string, change ...func(*forward.HTTPOptions)) forward.Target {
	t.Helper()
	o := forward.HTTPOptions{URL: url, Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for _, f := range change {
		f(&o)
	}
	target, err := forward.NewHTTP(o)
	require.NoError(t, err)
	return target
}

func envelope(t *testing.T, secret string, formats ...forward.Format) *forward.Envelope {
	t.Helper()
	v, err := forward.NewEnvelope(secret, formats...)
	require.NoError(t, err)
	return v
}

func TestADeliveryIsPostedWithItsBodyAndHeaders(t *testing.T) {
	var got *http.Request
	var body []byte
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))
	defer s.Close()
	e := event("a", "PLACED")
	e.Seq, e.ConflictsWith = 7, 3
	e.Headers = append(e.Headers, receiver.Header{Name: "Authorization", Value: "hidden"}, receiver.Header{Name: "Up42hooks-Verdict", Value: "forged"})
	e.Proof.Components = append(e.Proof.Components, "authorization", "up42hooks-verdict")
	target := post(t, s.URL+"/in?token=hidden", func(o *forward.HTTPOptions) { o.BasicAuth, o.Envelope = "ada:love:lace", envelope(t, "shared") })
	require.NoError(t, target.Send(t.Context(), e))
	assert.Equal(t, string(e.Raw), string(body))
	mac := hmac.New(sha256.New, []byte("shared"))
	fmt.Fprintf(mac, "7.%s", e.Raw)
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Date": "d", "Signature": "s", "X-Up42": "u", "X-Other": "",
		"Up42hooks-Verdict": "verified", "Up42hooks-Seq": "7", "Up42hooks-Conflicts-With": "3",
		"Up42hooks-Signature": fmt.Sprintf("sha256=%x", mac.Sum(nil)),
	} {
		assert.Equal(t, want, got.Header.Get(name), name)
	}
	user, pass, _ := got.BasicAuth()
	assert.Equal(t, "ada love:lace", user+" "+pass)
	assert.NotContains(t, target.Name(), "hidden")
	assert.NotEqual(t, post(t, s.URL+"/in").Name(), target.Name())
}

// The reason of a target is shown beside its name. The resolver is that of this machine.
func TestAHostThatCannotBeLookedUpIsToldPlainly(t *testing.T) {
	for want, dns := range map[string]net.DNSError{
		"there is no host nohost":          {Err: "no such host", Name: "nohost", Server: "192.0.2.53:53", IsNotFound: true},
		"the host slow can't be looked up": {Err: "server misbehaving", Name: "slow", Server: "192.0.2.53:53"},
	} {
		target := post(t, "http://example.com/hook", func(o *forward.HTTPOptions) {
			o.Transport = failing{&net.OpError{Op: "dial", Net: "tcp", Err: &dns}}
		})
		err := target.Send(t.Context(), event("a", "PLACED"))
		assert.EqualError(t, err, want)
		assert.ErrorAs(t, err, new(*forward.Unreachable))
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// An import may have headers that no request can have. The event is forwarded without them.
func TestHeadersThatHTTPCannotCarryAreLeftOut(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "s", r.Header.Get("Signature"))
	}))
	defer s.Close()
	for _, h := range []receiver.Header{
		{Name: "", Value: ""},
		{Name: "Two Words", Value: "v"},
		{Name: "Naïve", Value: "v"},
		{Name: "A:b", Value: "v"},
		{Name: "X\xfe", Value: "v"},
		{Name: "X-Other", Value: "\x1b[2J"},
		{Name: "X-Other", Value: "a\r\nEvil: yes"},
		{Name: "X-Other", Value: "\x7f"},
		{Name: "Date", Value: "\x00"},
		{Name: "Host", Value: "two words"},
		{Name: "Host", Value: "\x80"},
		{Name: "Host", Value: ""},
		{Name: "Content-Length", Value: "7"},
		{Name: "Expect", Value: "100-continue"},
		{Name: "Trailer", Value: "Date"},
		{Name: "User-Agent", Value: "\n"},
	} {
		e := event("a", "PLACED")
		e.Headers, e.Proof.Components = append(e.Headers, h), append(e.Proof.Components, h.Name)
		assert.NoError(t, post(t, s.URL).Send(t.Context(), e), "%q", h)
	}
}

func TestAnswersOfATarget(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed a redirect") }))
	defer elsewhere.Close()
	for path, want := range map[string]string{
		"/ok": "", "/created": "", "/cut": "", "/500": "it answered 500", "/503": "it answered 503", "/404": "it answered 404", "/redirect": "not followed", "/reset": "it closed the connection without an answer", "/slow": "it did not answer within 50ms",
	} {
		t.Run(path, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/created":
					w.WriteHeader(http.StatusCreated)
				case "/cut": // taken, although the rest of the answer is lost
					w.Header().Set("Content-Length", "1000")
					_, _ = io.WriteString(w, "thank")
				case "/500":
					w.Header().Set("Retry-After", "7")
					w.WriteHeader(500)
				case "/503":
					w.Header().Set("Retry-After", "8")
					w.WriteHeader(503)
				case "/404":
					w.WriteHeader(404)
				case "/redirect":
					http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
				case "/reset":
					panic(http.ErrAbortHandler)
				case "/slow":
					_, _ = io.Copy(io.Discard, r.Body)
					<-r.Context().Done()
				}
			}))
			defer s.Close()
			target := post(t, s.URL+path, func(o *forward.HTTPOptions) {
				if path == "/slow" {
					o.Timeout = 50 * time.Millisecond
				}
			})
			err := target.Send(t.Context(), event("a", "PLACED"))
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), s.URL)
			if path == "/500" {
				var refused *forward.Refused
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, 7*time.Second, refused.After)
				assert.False(t, refused.All)
				assert.NoError(t, target.Check(t.Context()), "any answer shows that it is there")
			}
			if path == "/503" {
				var refused *forward.Refused
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, forward.Refused{Reason: refused.Reason, After: 8 * time.Second, All: true}, *refused, "503 is about all events")
			}
			if path == "/reset" {
				assert.Error(t, target.Check(t.Context()))
			}
		})
	}
	for _, url := range []string{"", "example.com", "ftp://example.com", "http://", "http://u:hidden@example.com", "%zz", "https://ftp://example.com", "http://:80/"} {
		_, err := forward.NewHTTP(forward.HTTPOptions{URL: url})
		require.Error(t, err, url)
		assert.NotContains(t, err.Error(), "hidden")
	}
}
