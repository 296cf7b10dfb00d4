package jetstream_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

// A part of a subject is one token, whatever comes from outside, and no two texts share one.
func TestTokens(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "_", jetstream.Token(""))
	assert.Equal(t, "%5F", jetstream.Token("_"))
	assert.Equal(t, "7f3a-1c_A", jetstream.Token("7f3a-1c_A"))
	seen := map[string]string{}
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOfN(rapid.SampledFrom([]byte("a._%*> \n\x00\xff5F")), 0, 200).Draw(t, "text"))
		got := jetstream.Token(s)
		assert.NotEmpty(t, got)
		assert.False(t, strings.ContainsAny(got, ".*> \r\n\t\x00"), "%q", got)
		assert.True(t, utf8.ValidString(got), "%q", got)
		assert.LessOrEqual(t, len(got), 3*128)
		if other, ok := seen[got]; ok {
			assert.Equal(t, other, s)
		}
		seen[got] = s
	})
}

// The details of a message are the JSON that encoding/json makes.
func TestDetails(t *testing.T) {
	t.Parallel()
	text := rapid.StringOf(rapid.SampledFrom([]rune("ab \"\\<&\n\u00f6\u2028")))
	rapid.Check(t, func(t *rapid.T) {
		word := func(name string) string {
			if rapid.Bool().Draw(t, "bytes") {
				return string(rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, name))
			}
			return text.Draw(t, name)
		}
		e := receivertest.Order("a", "PLACED")
		e.Secret, e.Webhook, e.Ahead, e.Plain = receiver.SecretRef(word("secret")), word("webhook"), rapid.Bool().Draw(t, "ahead"), rapid.Bool().Draw(t, "plain")
		e.Proof = receiver.Proof{
			Label: word("label"), Created: rapid.Int64().Draw(t, "created"), Digest: word("digest"), BodyCovered: rapid.Bool().Draw(t, "covered"),
			Age: signature.Age(word("age")), MaxMessageAge: time.Duration(rapid.Int64().Draw(t, "max")), Method: word("method"), Path: word("path"), Remote: word("remote"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "headers") {
			e.Headers = append(e.Headers, receiver.Header{Name: word("name"), Value: word("value")})
			e.Proof.Components = append(e.Proof.Components, word("component"))
		}
		x := exchange.EventOf(e)
		want, err := json.Marshal(jetstream.DetailsStruct{Secret: x.Secret, Webhook: x.Webhook, Ahead: x.Ahead, Plain: x.Plain, Proof: x.Proof, Headers: x.Headers})
		require.NoError(t, err)
		assert.Equal(t, string(want), jetstream.Details(e))
	})
}

func TestMessagesThatAreNotOurs(t *testing.T) {
	t.Parallel()
	ours := func(change func(nats.Header)) nats.Header {
		h := nats.Header{
			"Up42hooks-Version": {"1"}, "Up42hooks-Verdict": {"verified"}, "Up42hooks-Received-At": {"2026-01-02T03:04:05.6Z"}, "Up42hooks-Details": {"{}"},
		}
		change(h)
		return h
	}
	set := func(name, value string) func(nats.Header) {
		return func(h nats.Header) { h.Set(name, value) }
	}
	body := []byte(`{"event":"order.status"}`)
	_, err := jetstream.Decode("up42._.order.x.y", ours(func(nats.Header) {}), body)
	assert.NoError(t, err)
	for name, c := range map[string]struct {
		subject string
		header  nats.Header
		body    string
		want    string
	}{
		"no headers":       {"up42.x", nil, string(body), "not a message of up42hooks"},
		"another subject":  {"orders.x", ours(func(nats.Header) {}), string(body), "not a message of up42hooks"},
		"no version":       {"up42.x", ours(set("Up42hooks-Version", "x")), string(body), "not a message of up42hooks"},
		"a newer version":  {"up42.x", ours(set("Up42hooks-Version", "2")), string(body), "newer version of up42hooks: update this one"},
		"an unknown word":  {"up42.x", ours(set("Up42hooks-Verdict", "good")), string(body), "unknown"},
		"a rejected one":   {"up42.x", ours(set("Up42hooks-Verdict", "rejected")), string(body), "its verdict is"},
		"no time":          {"up42.x", ours(set("Up42hooks-Received-At", "now")), string(body), "Received-At"},
		"a bad admission":  {"up42.x", ours(set("Up42hooks-Admitted-At", "now")), string(body), "Admitted-At"},
		"no details":       {"up42.x", ours(set("Up42hooks-Details", "[")), string(body), "Details"},
		"a body that's no": {"up42.x", ours(func(nats.Header) {}), "hello", "not a message of up42hooks"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := jetstream.Decode(c.subject, c.header, []byte(c.body))
			assert.ErrorContains(t, err, c.want)
		})
	}
}
