package signature_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// FuzzVerify checks that Verify never panics, and that an accepted request was signed with
// a configured secret. It computes everything in the result of an accepted request again,
// with the standard library only.
func FuzzVerify(f *testing.F) {
	for _, v := range receivertest.Vectors(f) {
		f.Add(v.Raw, v.Secrets[0], v.Now, v.Options.AllowUnsigned, v.Options.RequireDigest)
	}
	f.Fuzz(func(t *testing.T, raw []byte, secret string, now int64, allowUnsigned, requireDigest bool) {
		r, ok := parse(raw)
		if !ok {
			return
		}
		before := r.Header.Clone()
		p := signature.Policy{Secrets: []string{"", secret, "another"}, AllowUnsigned: allowUnsigned, RequireDigest: requireDigest}
		res, err := signature.New(p).Verify(r, time.Unix(now, 0))
		assert.Equal(t, before, r.Header, "Verify only reads")
		word(t, res, err)
		if err != nil {
			return
		}
		if !res.Signed {
			assert.True(t, allowUnsigned)
			assert.False(t, res.BodyCovered)
			assert.Empty(t, r.Header.Values("Signature"))
			return
		}
		assertSigned(t, r, res, p.Secrets[res.Secret])
		assert.False(t, requireDigest && !res.BodyCovered)
		if res.BodyCovered {
			assertCovered(t, r, res)
		}
		if res.Proved() {
			assertRecent(t, r, res, time.Unix(now, 0))
		}
		assert.Less(t, now-res.Created, int64(300))
		assert.LessOrEqual(t, res.Created-now, int64(60))
	})
}

// FuzzTamper signs a request and lets the fuzzer change it. It checks that the result is
// accepted only if the signed bytes are the same, and proves only the body that was signed.
func FuzzTamper(f *testing.F) {
	f.Add("", "", `("date" "digest")`, body)
	f.Add("Digest", "SHA-256="+sum256(nil), `("date" "digest")`, []byte{})
	f.Add("Zz", "Mon, 21 Sep 2026 14:13:18 GMTSHA-256="+sum256(body), `("zz")`, []byte("free"))
	f.Fuzz(func(t *testing.T, name, value, list string, other []byte) {
		r := signature.Request{Header: http.Header{}, Host: "hooks.example.com", Body: body}
		require.NoError(t, signature.Sign(r, secret, nil, created))
		signed := r.Header.Get("Date") + r.Header.Get("Digest")
		if name != "" {
			r.Header.Set(name, value)
		}
		r.Header.Set("Signature-Input", "up42-sig="+list+createdParam)
		r.Body = other
		res, err := signature.New(signature.Policy{Secrets: []string{secret}}).Verify(r, at)
		if err != nil {
			return
		}
		assert.Equal(t, signed, covered(r, res.Components))
		if res.BodyCovered {
			assert.Equal(t, string(body), string(other))
		}
	})
}

func parse(raw []byte) (signature.Request, bool) {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return signature.Request{}, false
	}
	body, err := io.ReadAll(r.Body)
	return signature.Request{Header: r.Header, Host: r.Host, Body: body}, err == nil
}

func covered(r signature.Request, components []string) string {
	var b strings.Builder
	for _, c := range components {
		value := r.Header.Get(c)
		if c == "host" {
			value = r.Host
		}
		b.WriteString(strings.Trim(value, " \t"))
	}
	return b.String()
}

func assertSigned(t *testing.T, r signature.Request, res signature.Result, key string) {
	t.Helper()
	require.NotEmpty(t, key)
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(covered(r, res.Components)))
	_, value, _ := strings.Cut(r.Header.Get("Signature"), "=")
	got, err := base64.StdEncoding.DecodeString(strings.Trim(value, " \t"))
	require.NoError(t, err)
	assert.Equal(t, m.Sum(nil), got)
}

// assertRecent checks that a covered date or the body's timestamp is near now.
func assertRecent(t *testing.T, r signature.Request, res signature.Result, now time.Time) {
	t.Helper()
	require.True(t, res.BodyCovered)
	if !slices.Contains(res.Components, "date") {
		at, ok := timeInJSON(string(r.Body))
		assert.True(t, ok)
		assert.LessOrEqual(t, now.Sub(at).Abs(), 24*time.Hour)
		return
	}
	// What time.Parse reads of the forms is enough: it does not read all.
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 MST", "Monday, 2-Jan-06 15:04:05 MST", time.ANSIC, time.RFC1123Z} {
		if at, err := time.Parse(layout, strings.Trim(r.Header.Get("Date"), " \t")); err == nil && at.Year() > 1999 {
			assert.LessOrEqual(t, now.Sub(at).Abs(), 5*time.Minute)
		}
	}
}

func assertCovered(t *testing.T, r signature.Request, res signature.Result) {
	t.Helper()
	want := map[string]string{"sha-256": sum256(r.Body), "sha-512": sum512(r.Body)}[res.Digest]
	require.NotEmpty(t, want)
	found := slices.ContainsFunc([]string{"digest", "content-digest"}, func(c string) bool {
		return slices.Contains(res.Components, c) && strings.Contains(r.Header.Get(c), want)
	})
	assert.True(t, found, "a covered header holds the body's own digest")
}
