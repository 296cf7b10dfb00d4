//go:build unix

package forward_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// attributes are the attributes of CloudEvents in a request, as the binding to HTTP says that
// they are read.
func attributes(t require.TestingT, h http.Header) map[string]string {
	out := map[string]string{}
	for name, values := range h {
		attribute, ok := strings.CutPrefix(strings.ToLower(name), "ce-")
		if !ok {
			continue
		}
		require.Len(t, values, 1)
		require.NotContains(t, values[0], " ")
		value, err := url.PathUnescape(values[0])
		require.NoError(t, err)
		out[attribute] = value
	}
	return out
}

// The target gets what the binary mode has.
func TestAnEventIsForwardedAsACloudEvent(t *testing.T) {
	got := make(chan *http.Request, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r }))
	defer s.Close()
	e := event("92ceac2c", "FULFILLED")
	e.MessageID, e.Webhook, e.Timestamp = "5f290b80", "w-1", time.Date(2026, 1, 2, 3, 4, 5, 670_000, time.UTC)
	target := post(t, s.URL, func(o *forward.HTTPOptions) {
		o.Envelope = envelope(t, standardSecret, forward.CloudEvents, forward.StandardWebhooks)
	})
	require.NoError(t, target.Send(t.Context(), e))
	r := <-got
	assert.Equal(t, map[string]string{
		"specversion": "1.0", "id": "5f290b80", "source": "https://up42.com/webhooks/w-1", "type": "com.up42.order.status",
		"subject": "order/92ceac2c", "time": "2026-01-02T03:04:05.00067Z",
	}, attributes(t, r.Header))
	assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
	assert.Equal(t, "5f290b80", r.Header.Get("Webhook-Id"), "both formats")
}

func TestCloudEventsOfOddDeliveries(t *testing.T) {
	v := envelope(t, "", forward.CloudEvents)
	e := receivertest.Event("some.thing", "", "")
	e.MessageID, e.Timestamp, e.Webhook = `50% of "a b" € `+"\x00\n", time.Time{}, ""
	e.Proof.Components = []string{"ce-id", "ce-forged"}
	e.Headers = []receiver.Header{{Name: "Content-Type", Value: "Application/CloudEvents+json"}, {Name: "Ce-Id", Value: "forged"}, {Name: "Ce-Forged", Value: "yes"}}
	h := v.Header(e, time.Now())
	assert.Equal(t, "application/json", h.Get("Content-Type"), "another type would say that the body has the attributes")
	assert.Equal(t, "50%25%20of%20%22a%20b%22%20%E2%82%AC%20%EF%BF%BD%EF%BF%BD", h.Get("Ce-Id"))
	a := attributes(t, h)
	assert.NotContains(t, a, "subject", "an empty one is not allowed")
	assert.NotContains(t, a, "forged")
	assert.Equal(t, "com.up42.some.thing", a["type"])
	assert.Equal(t, "https://up42.com/webhooks", a["source"])
	assert.Equal(t, e.ReceivedAt.UTC().Format(time.RFC3339Nano), a["time"], "its arrival")

	e = receivertest.Job("j1", "RUNNING", receivertest.Task("t1", "first"))
	assert.Equal(t, "job/j1/task/t1", attributes(t, v.Header(e, time.Now()))["subject"])
}

// Whatever an id is, the header can be sent, and is read as the id.
func TestIDsOfCloudEventsAreReadAsTheyWere(t *testing.T) {
	v := envelope(t, "", forward.CloudEvents)
	rapid.Check(t, func(t *rapid.T) {
		e := event("a", "PLACED")
		e.MessageID = rapid.StringN(1, 60, 240).Draw(t, "id")
		h := v.Header(e, time.Now())
		for _, c := range h.Get("Ce-Id") {
			require.True(t, c > ' ' && c <= '~' && c != '"')
		}
		want := strings.Map(func(r rune) rune {
			if r < ' ' || 0x7f <= r && r <= 0x9f || r&0xffff >= 0xfffe || 0xfdd0 <= r && r <= 0xfdef {
				return utf8.RuneError
			}
			return r
		}, e.MessageID)
		require.Equal(t, want, attributes(t, h)["id"])
	})
}
