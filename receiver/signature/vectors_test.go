package signature_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// vector is a captured request with the verdict that it must get.
type vector struct {
	Name    string   `json:"name"`
	Now     int64    `json:"now"`
	Secrets []string `json:"secrets"`
	Options struct {
		AllowUnsigned bool     `json:"allow_unsigned"`
		RequireDigest bool     `json:"require_digest"`
		Components    []string `json:"components"`
	} `json:"options"`
	Raw    []byte `json:"request_base64"`
	Expect struct {
		Verdict string           `json:"verdict"`
		Reason  signature.Reason `json:"reason"`
		Secret  *int             `json:"secret"`
	} `json:"expect"`
}

func (v vector) policy() signature.Policy {
	return signature.Policy{
		Secrets: v.Secrets, Components: v.Options.Components,
		RequireDigest: v.Options.RequireDigest, AllowUnsigned: v.Options.AllowUnsigned,
	}
}

func (v vector) request(t testing.TB) signature.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(v.Raw)))
	require.NoError(t, err)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return signature.Request{Header: r.Header, Host: r.Host, Body: body}
}

func vectors(t testing.TB) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/signature.json")
	require.NoError(t, err)
	var all []vector
	require.NoError(t, json.Unmarshal(text, &all))
	require.NotEmpty(t, all)
	return all
}

func TestVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			res, err := signature.New(v.policy()).Verify(v.request(t), time.Unix(v.Now, 0))
			verdict, reason := verdictOf(t, res, err)
			assert.Equal(t, v.Expect.Verdict, verdict)
			assert.Equal(t, v.Expect.Reason, reason)
			if v.Expect.Secret != nil {
				assert.Equal(t, *v.Expect.Secret, res.Secret)
			}
		})
	}
}

func verdictOf(t testing.TB, res signature.Result, err error) (string, signature.Reason) {
	t.Helper()
	var reason signature.Reason
	switch {
	case err != nil:
		require.True(t, errors.As(err, &reason), "the error is a Reason: %v", err)
		return "rejected", reason
	case !res.Signed:
		return "unsigned", ""
	case res.BodyCovered:
		return "verified", ""
	default:
		return "partial", ""
	}
}
