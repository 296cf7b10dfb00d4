//go:build unix

package forward_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

const shared = "a secret of UP42 and both receivers"

// startReceiver starts a real receiver with a log in memory, and returns the URL for deliveries.
func startReceiver(t *testing.T) (url string, log *receivertest.Log) {
	t.Helper()
	log = receivertest.NewLog()
	handler := receiver.NewHandler(receiver.HandlerOptions{Log: log}, signature.Policy{Secrets: []string{shared}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- receiver.NewServer(handler, receiver.ServerOptions{}).Serve(ctx, l) }()
	t.Cleanup(sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-ended)
	}))
	return "http://" + l.Addr().String() + receiver.DefaultPath, log
}

// signOver signs a request over a list with code of its own: values, one after the other.
// "(request-target)" is the method and the path, as an older draft has it.
func signOver(r *http.Request, body []byte, list []string) {
	at := time.Now()
	sum := sha256.Sum256(body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Date", at.UTC().Format(http.TimeFormat))
	r.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
	mac := hmac.New(sha256.New, []byte(shared))
	for _, c := range list {
		switch c {
		case "host":
			mac.Write([]byte(r.Host))
		case "(request-target)":
			mac.Write([]byte("post " + r.URL.Path))
		case "content-length":
			fmt.Fprint(mac, len(body))
		default:
			mac.Write([]byte(r.Header.Get(c)))
		}
	}
	r.Header.Set("Signature-Input", fmt.Sprintf(`up42-sig=("%s");created=%d`, strings.Join(list, `" "`), at.Unix()))
	r.Header.Set("Signature", "up42-sig="+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// Two receivers, one behind the other. The first one gets deliveries at a name of its own.
func TestAReceiverBehindThisOneVerifiesWhatUP42Signed(t *testing.T) {
	first, log := startReceiver(t)
	second, behind := startReceiver(t)
	target := post(t, second)
	for list, want := range map[string]struct {
		first  receiver.Verdict
		second receiver.Verdict
		reason receiver.Reason
	}{
		"date digest":                                        {first: receiver.Verified, second: receiver.Verified},
		"host user-agent digest date":                        {first: receiver.Verified, second: receiver.Verified},
		"digest date host":                                   {first: receiver.Verified, second: receiver.Verified},
		"user-agent accept accept-encoding digest":           {first: receiver.Verified, second: receiver.Verified},
		"content-length content-type digest date":            {first: receiver.Verified, second: receiver.Verified},
		"x-request-id x-forwarded-host via host digest date": {first: receiver.Verified, second: receiver.Verified},
		"host date": {first: receiver.Partial, second: receiver.Partial},
		"(request-target) host user-agent digest date": {first: receiver.Rejected, reason: signature.ComponentUnsupported},
		"@method host digest date":                     {first: receiver.Rejected, reason: signature.ComponentUnsupported},
		"authorization digest date":                    {first: receiver.Verified, second: receiver.Rejected, reason: signature.ComponentMissing},
	} {
		t.Run(list, func(t *testing.T) {
			names := strings.Fields(list)
			e := deliverOver(t, first, log, names)
			require.Equal(t, want.first, e.Verdict, e.Reason)
			lost := new(forward.HTTPOptions).Lost(names)
			if want.first == receiver.Rejected {
				assert.Equal(t, want.reason, e.Reason, "it is never forwarded")
				return
			}
			err := target.Send(t.Context(), e)
			got := newest(t, behind)
			assert.Equal(t, want.second, got.Verdict, got.Reason)
			assert.Equal(t, e.Raw, got.Raw)
			if want.second == receiver.Rejected {
				assert.Equal(t, want.reason, got.Reason)
				assert.Equal(t, []string{"authorization"}, lost, "the start says so")
				var refused *forward.Refused
				require.ErrorAs(t, err, &refused)
				assert.True(t, refused.Permanent, "it is not tried for a day")
				return
			}
			require.NoError(t, err)
			assert.Empty(t, lost)
		})
	}
}

func deliverOver(t *testing.T, to string, log *receivertest.Log, list []string) *receiver.Event {
	t.Helper()
	body := fmt.Appendf(nil, `{"event":"order.status","messageId":"m%d","timestamp":%q,"body":{"orderId":"o1","status":"PLACED"}}`,
		time.Now().UnixNano(), time.Now().Format(time.RFC3339))
	r, err := http.NewRequest(http.MethodPost, to, bytes.NewReader(body))
	require.NoError(t, err)
	r.Host = "hooks.example.com"
	for name, value := range map[string]string{
		"User-Agent": "ReactorNetty/1.2", "Accept": "*/*", "Accept-Encoding": "gzip, br", "Authorization": "Bearer x", "X-Request-Id": "7", "X-Forwarded-Host": "other.example.com", "Via": "1.1 proxy",
	} {
		r.Header.Set(name, value)
	}
	signOver(r, body, list)
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return newest(t, log)
}

// newest returns the delivery that came last, accepted or not.
func newest(t *testing.T, log *receivertest.Log) (last *receiver.Event) {
	t.Helper()
	for _, q := range []receiver.EventQuery{{Limit: 1}, {Limit: 1, Rejected: true}} {
		events, err := log.Events(t.Context(), q)
		require.NoError(t, err)
		for _, e := range events {
			if last == nil || e.ReceivedAt.After(last.ReceivedAt) {
				last = e
			}
		}
	}
	require.NotNil(t, last)
	return last
}

// A target whose server knows its own name only.
func TestATargetMayGetItsOwnHost(t *testing.T) {
	got := make(chan *http.Request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r }))
	defer server.Close()
	s := server.URL
	e := event("a", "PLACED")
	e.Proof.Components = []string{"host", "user-agent"}
	e.Headers = []receiver.Header{{Name: "Host", Value: "hooks.example.com"}, {Name: "User-Agent", Value: "Netty"}}
	u, err := url.Parse(s)
	require.NoError(t, err)
	for own, want := range map[bool]string{false: "hooks.example.com", true: u.Host} {
		o := forward.HTTPOptions{OwnHost: own}
		target := post(t, s, func(o *forward.HTTPOptions) { o.OwnHost = own })
		require.NoError(t, target.Send(t.Context(), e))
		r := <-got
		assert.Equal(t, want, r.Host)
		assert.Equal(t, "Netty", r.UserAgent())
		assert.Equal(t, own, len(o.Lost([]string{"date", "host"})) > 0)
	}
	e.Proof.Components = []string{"date"}
	require.NoError(t, post(t, s).Send(t.Context(), e))
	r := <-got
	assert.Equal(t, u.Host, r.Host, "nothing covers the host")
	assert.Equal(t, "up42hooks", r.UserAgent())
}

func TestHeadersOfAFormatReplaceThoseThatCame(t *testing.T) {
	list := []string{"webhook-id", "ce-id", "date"}
	o := forward.HTTPOptions{Envelope: envelope(t, standardSecret)}
	assert.Empty(t, o.Lost(list))
	o.Envelope = envelope(t, standardSecret, forward.StandardWebhooks, forward.CloudEvents)
	assert.Equal(t, []string{"webhook-id", "ce-id"}, o.Lost(list))
	assert.Equal(t, []string{"cookie", "up42hooks-seq"}, o.Lost([]string{"cookie", "up42hooks-seq"}))
}
