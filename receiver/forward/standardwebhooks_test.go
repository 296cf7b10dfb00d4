//go:build unix

package forward_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

var standardSecret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("a key of at least 24 bytes"))

// The target is a server of others, with the library of Standard Webhooks. It fails once.
func TestTheLibraryOfStandardWebhooksVerifiesForwardedEvents(t *testing.T) {
	verifier, err := standard.NewWebhook(standardSecret)
	require.NoError(t, err)
	requests := make(chan *http.Request, 9)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			return
		}
		body, _ := io.ReadAll(r.Body)
		assert.NoError(t, verifier.Verify(body, r.Header))
		assert.Error(t, verifier.Verify(append(body, ' '), r.Header), "another body")
		if len(requests) == 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
		requests <- r
	}))
	defer s.Close()
	e := event("a", "PLACED")
	e.MessageID = "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3"
	r := newRig(t)
	target := post(t, s.URL, func(o *forward.HTTPOptions) { o.Envelope = envelope(t, standardSecret, forward.StandardWebhooks) })
	r.name = target.Name()
	r.saveCheckpoint(receiver.Checkpoint{})
	_, stop := r.run(target)
	defer stop()
	r.add(e)
	for range 2 {
		header := (<-requests).Header
		assert.Equal(t, e.MessageID, header.Get("webhook-id"), "the same in each attempt")
		assert.NotEmpty(t, header.Get(forward.SignatureHeader), "ours stands beside it")
	}
}

func TestOddMessageIDsAreVerifiedToo(t *testing.T) {
	verifier, err := standard.NewWebhook(standardSecret)
	require.NoError(t, err)
	v := envelope(t, standardSecret, forward.StandardWebhooks)
	seen := map[string]string{}
	for name, change := range map[string]func(*receiver.Event){
		"plain":         func(*receiver.Event) {},
		"without an id": func(e *receiver.Event) { e.MessageID = "" },
		"a dot":         func(e *receiver.Event) { e.MessageID = "m.1700000000" },
		"encoded":       func(e *receiver.Event) { e.MessageID = "m%2E1700000000" },
		"line ends":     func(e *receiver.Event) { e.MessageID = "a\r\nX-Forged: 1" },
		"letters":       func(e *receiver.Event) { e.MessageID = "Ünï cödé\x00" },
		"long":          func(e *receiver.Event) { e.MessageID = strings.Repeat("x", 100_000) },
		"a conflict":    func(e *receiver.Event) { e.ConflictsWith = 1 },
	} {
		e := event("a", "PLACED")
		e.MessageID = "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3"
		change(e)
		h := v.Header(e, time.Now())
		id := h.Get(forward.StandardIDHeader)
		require.NoError(t, verifier.Verify(e.Raw, h), name)
		assert.Regexp(t, `^[A-Za-z0-9_~%-]+$`, id, name)
		assert.LessOrEqual(t, len(id), 765, name)
		assert.NotContains(t, seen, id, "%s has the id of %s", name, seen[id])
		seen[id] = name
		again := *e
		again.Seq = 999
		assert.Equal(t, id, v.Header(&again, time.Now()).Get(forward.StandardIDHeader), "it does not depend on the store")
	}
}

func TestSecretsThatStandardWebhooksDoNotHave(t *testing.T) {
	for secret, want := range map[string]string{
		"":                                       "no secret for Standard Webhooks",
		"hush":                                   "begins with whsec_",
		"WHSEC_" + standardSecret:                "begins with whsec_",
		" " + standardSecret:                     "begins with whsec_",
		standardSecret + "\n":                    "not base64",
		"whsec_":                                 "24 to 64 bytes, and this one has 0",
		"whsec_aHVzaA==":                         "24 to 64 bytes, and this one has 4",
		"whsec_" + strings.Repeat("aHVz", 22):    "and this one has 66",
		"whsec_hush-hush-hush-hush-hush-hush-hu": "not base64",
		strings.TrimRight(standardSecret, "="):   "not base64",
	} {
		_, err := forward.NewEnvelope(secret, forward.StandardWebhooks)
		require.ErrorContains(t, err, want, secret)
		assert.Contains(t, err.Error(), "openssl rand", "it says what to do")
		assert.NotContains(t, err.Error(), "hush")
		_, err = forward.NewEnvelope(secret, forward.Plain)
		assert.NoError(t, err)
	}
}
