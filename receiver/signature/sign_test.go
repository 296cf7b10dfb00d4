package signature_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestSignMakesTheVectors(t *testing.T) {
	for _, v := range receivertest.Vectors(t) {
		if v.Expect.Verdict != receiver.Verified || len(v.Secrets) != 1 {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			r := v.Request(t)
			res, err := signature.New(v.Policy()).Verify(r, v.Time())
			require.NoError(t, err)
			want := r.Header.Get("Signature")
			require.NoError(t, signature.Sign(r, v.Secrets[0], res.Components, time.Unix(res.Created, 0)))
			assert.Equal(t, want, r.Header.Get("Signature"))
		})
	}
}

func TestSignSetsWhatItCovers(t *testing.T) {
	r := signature.Request{Header: http.Header{"Digest": {"SHA-256=" + sum256(nil)}}, Body: body}
	components := []string{"date", "digest", "content-digest", "content-length"}
	require.NoError(t, signature.Sign(r, secret, components, created))
	assert.Equal(t, "Mon, 21 Sep 2026 14:13:18 GMT", r.Header.Get("Date"))
	assert.Equal(t, "SHA-256="+sum256(nil), r.Header.Get("Digest"), "a header that is there stays")
	assert.Equal(t, "sha-256=:"+sum256(body)+":", r.Header.Get("Content-Digest"))
	assert.Equal(t, "62", r.Header.Get("Content-Length"))
	assert.Equal(t, `up42-sig=("date" "digest" "content-digest" "content-length");created=1789999998`, r.Header.Get("Signature-Input"))
}

func TestSignRefusesWhatVerifyWould(t *testing.T) {
	tests := []struct {
		name       string
		secret     string
		components []string
		created    time.Time
		want       signature.Reason
	}{
		{"no secret", "", nil, created, signature.NoSecret},
		{"no components", secret, []string{}, created, signature.NoCoveredComponents},
		{"a component twice", secret, []string{"date", "date"}, created, signature.DuplicateComponent},
		{"upper case", secret, []string{"Date"}, created, signature.ComponentUnsupported},
		{"a quote", secret, []string{`a"b`}, created, signature.ComponentUnsupported},
		{"an absent header", secret, []string{"x-absent"}, created, signature.ComponentMissing},
		{"a repeated header", secret, []string{"x-twice"}, created, signature.ComponentRepeated},
		{"an odd value", secret, []string{"x-odd"}, created, signature.ComponentMalformed},
		{"nine digits", secret, nil, time.Unix(999_999_999, 0), signature.MalformedSignatureInput},
		{"before 1970", secret, nil, time.Unix(-1_790_000_000, 0), signature.MalformedSignatureInput},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"X-Twice": {"a", "b"}, "X-Odd": {"\x01"}}
			err := signature.Sign(signature.Request{Header: h}, tt.secret, tt.components, tt.created)
			require.ErrorIs(t, err, tt.want)
			assert.NotContains(t, h, "Signature")
			assert.NotContains(t, h, "Signature-Input")
		})
	}
}

// The signature must survive what net/http does to headers.
func TestSignedRequestSurvivesHTTP(t *testing.T) {
	v := signature.New(signature.Policy{Secrets: []string{secret}})
	results := make(chan signature.Result, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		res, err := v.Verify(signature.Request{Header: r.Header, Host: r.Host, Body: body}, at)
		assert.NoError(t, err)
		results <- res
	}))
	defer server.Close()

	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, server.URL, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	components := []string{"host", "date", "content-type", "content-length", "digest", "content-digest"}
	require.NoError(t, signature.Sign(signature.Request{Header: req.Header, Host: req.Host, Body: body}, secret, components, created))
	resp, err := server.Client().Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	res := <-results
	assert.True(t, res.BodyCovered)
	assert.Equal(t, components, res.Components)
}

func TestTheListMayCoverItself(t *testing.T) {
	r := signature.Request{Header: http.Header{}, Host: "hooks.example.com", Body: []byte(`{}`)}
	now := time.Unix(1790000000, 0)
	components := []string{"date", "digest", "signature-input"}
	require.NoError(t, signature.Sign(r, "correct horse", components, now))
	v := signature.New(signature.Policy{Secrets: []string{"correct horse"}})
	res, err := v.Verify(r, now)
	require.NoError(t, err)
	assert.True(t, res.BodyCovered)
	r.Header.Set("Signature-Input", strings.Replace(r.Header.Get("Signature-Input"), "1790000000", "1790000001", 1))
	_, err = v.Verify(r, now)
	assert.ErrorIs(t, err, signature.SignatureMismatch, "created can't be refreshed then")
}
