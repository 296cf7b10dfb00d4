package signature_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/signature"
)

const secret = "correct horse"

var (
	at      = time.Unix(1790000000, 0)
	created = at.Add(-2 * time.Second)
	body    = []byte(`{"event":"order.status","timestamp":"2026-09-21T14:13:18.25Z"}`)
)

// mac returns the signature, made with the standard library only.
func mac(key, text string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

func sum256(b []byte) string {
	s := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(s[:])
}

func sum512(b []byte) string {
	s := sha512.Sum512(b)
	return base64.StdEncoding.EncodeToString(s[:])
}

// request returns a request whose signature is right for its header values, which can
// break any rule. nameValues are names and values in turn.
func request(input string, nameValues ...string) signature.Request {
	r := signature.Request{Header: http.Header{}, Host: "hooks.example.com", Body: body}
	for i := 0; i < len(nameValues); i += 2 {
		r.Header.Add(nameValues[i], nameValues[i+1])
	}
	var signed strings.Builder
	list, _, _ := strings.Cut(strings.TrimPrefix(input, "("), ")")
	for _, c := range strings.Fields(list) {
		c = strings.Trim(c, `"`)
		if c == "host" {
			signed.WriteString(r.Host)
		}
		signed.WriteString(strings.Trim(r.Header.Get(c), " \t"))
	}
	r.Header.Set("Signature-Input", "up42-sig="+input)
	r.Header.Set("Signature", "up42-sig="+mac(secret, signed.String()))
	return r
}

const createdParam = ";created=1789999998"

func TestVerifyComponents(t *testing.T) {
	const date = "Mon, 21 Sep 2026 14:13:18 GMT"
	tests := []struct {
		name   string
		r      signature.Request
		want   string // verdict or reason
		faulty string
	}{
		{"date", request(`("date")`+createdParam, "Date", date), "partial", ""},
		{"white space around a value is not signed", request(`("date")`+createdParam, "Date", "  "+date+"\t "), "partial", ""},
		{"white space in the list", request(`(  "date"   "host" )`+createdParam, "Date", date), "partial", ""},
		{"host", request(`("host")` + createdParam), "partial", ""},
		{"any header", request(`("x-request-id")`+createdParam, "X-Request-Id", "a b"), "partial", ""},
		{
			"a long name",
			request(`("x-`+strings.Repeat("long-", 20)+`name")`+createdParam, "X-"+strings.Repeat("Long-", 20)+"Name", "a"),
			"partial", "",
		},
		{"number", request(`("content-length")`+createdParam, "Content-Length", "62"), "partial", ""},

		{"upper case", request(`("Date")`+createdParam, "Date", date), "component-unsupported", "Date"},
		{"no name", request(`("")` + createdParam), "component-unsupported", ""},
		{"space in a name", request(`("a b")` + createdParam), "component-unsupported", "a b"},
		{"derived", request(`("@path")` + createdParam), "component-unsupported", "@path"},
		{"parameter on a component", request(`("date";sf)`+createdParam, "Date", date), "component-unsupported", ""},
		{"the signature itself", request(`("signature")` + createdParam), "component-unsupported", "signature"},
		{"twice", request(`("date" "host" "date")`+createdParam, "Date", date), "duplicate-component", "date"},
		{"absent before repeated", request(`("a" "date")`+createdParam, "A", "1", "A", "2"), "component-missing", "date"},
		{"repeated", request(`("a")`+createdParam, "A", "1", "A", "1"), "component-repeated", "a"},

		{"empty", request(`("a")`+createdParam, "A", ""), "component-malformed", "a"},
		{"only spaces", request(`("a")`+createdParam, "A", "  "), "component-malformed", "a"},
		{"a high byte", request(`("a")`+createdParam, "A", "caf\xc3\xa9"), "component-malformed", "a"},
		{"a control byte", request(`("a")`+createdParam, "A", "a\tb"), "component-malformed", "a"},
		{"delete", request(`("a")`+createdParam, "A", "a\x7fb"), "component-malformed", "a"},
		{"no number", request(`("content-length")`+createdParam, "Content-Length", "62 "+"x"), "component-malformed", "content-length"},
		{"date with a tail", request(`("date")`+createdParam, "Date", date+"S"), "component-malformed", "date"},
		{"date cut short", request(`("date")`+createdParam, "Date", date[:28]), "component-malformed", "date"},
		{"date of RFC 850", request(`("date")`+createdParam, "Date", "Monday, 21-Sep-26 14:13:18 GMT"), "partial", ""},
		{"date of asctime", request(`("date")`+createdParam, "Date", "Mon Sep 21 14:13:18 2026"), "partial", ""},
		{"date in lower case", request(`("date")`+createdParam, "Date", "mon, 21 sep 2026 14:13:18 GMT"), "component-malformed", "date"},
		{"31st of September", request(`("date")`+createdParam, "Date", "Thu, 31 Sep 2026 14:13:18 GMT"), "component-malformed", "date"},
		{"25 o'clock", request(`("date")`+createdParam, "Date", "Mon, 21 Sep 2026 25:13:18 GMT"), "component-malformed", "date"},
		{"date of another zone", request(`("date")`+createdParam, "Date", "Mon, 21 Sep 2026 14:13:18 CET"), "component-malformed", "date"},
		{"date without digits", request(`("date")`+createdParam, "Date", "Mon, -1 Sep 2026 14:13:18 GMT"), "component-malformed", "date"},
		{"stale date", request(`("date")`+createdParam, "Date", "Mon, 21 Sep 2026 14:08:20 GMT"), "stale", "date"},
		{"date within the window", request(`("date")`+createdParam, "Date", "Mon, 21 Sep 2026 14:14:20 GMT"), "partial", ""},
		{"date ahead of it", request(`("date")`+createdParam, "Date", "Mon, 21 Sep 2026 14:14:21 GMT"), "future", "date"},
		{"stale date that is not covered", request(`("host")`+createdParam, "Date", "Sun, 20 Sep 2026 14:13:18 GMT"), "partial", ""},
	}
	v := signature.New(signature.Policy{Secrets: []string{secret}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, err := v.Verify(tt.r, at)
			assert.Equal(t, tt.want, word(t, res, err))
			assert.Equal(t, tt.faulty, res.Faulty)
		})
	}
}

// word returns the reason, or without one the verdict.
func word(t testing.TB, res signature.Result, err error) string {
	t.Helper()
	verdict, reason := verdictOf(t, res, err)
	if reason != "" {
		return string(reason)
	}
	return string(verdict)
}

func TestVerifySignatureInput(t *testing.T) {
	const list = `("host")`
	tests := []struct {
		name  string
		lines []string
		want  string
	}{
		{"well formed", []string{`up42-sig=` + list + createdParam}, "partial"},
		{"among others", []string{`a=1, up42-sig=` + list + createdParam + `, b=("x");created=1`}, "partial"},
		{"in lines", []string{`a=1`, `up42-sig=` + list + createdParam}, "partial"},
		{"other labels may repeat", []string{`a=1, a=2;b;b, up42-sig=` + list + createdParam}, "partial"},
		{"20 digits", []string{`up42-sig=` + list + `;created=00000000001789999998`}, "partial"},

		{"empty", []string{``}, "missing-signature"},
		{"another label", []string{`sig1=` + list + createdParam}, "missing-signature"},
		{"a label is case-sensitive", []string{`UP42-sig=` + list + createdParam}, "malformed-signature-input"},
		{"our label twice", []string{`up42-sig=` + list + createdParam + `, up42-sig=` + list + createdParam}, "malformed-signature-input"},
		{"our label twice, in lines", []string{`up42-sig=` + list + createdParam, `up42-sig=` + list + createdParam}, "malformed-signature-input"},
		{"a line beside ours broken", []string{`up42-sig=` + list + createdParam, `(((`}, "malformed-signature-input"},
		{"no list", []string{`up42-sig="host"` + createdParam}, "malformed-signature-input"},
		{"no value", []string{`up42-sig` + createdParam}, "malformed-signature-input"},
		{"list of tokens", []string{`up42-sig=(host)` + createdParam}, "malformed-signature-input"},
		{"list not closed", []string{`up42-sig=("host"` + createdParam}, "malformed-signature-input"},
		{"no space in the list", []string{`up42-sig=("host""date")` + createdParam}, "malformed-signature-input"},
		{"trailing comma", []string{`up42-sig=` + list + createdParam + `,`}, "malformed-signature-input"},
		{"parameter twice", []string{`up42-sig=` + list + createdParam + createdParam}, "malformed-signature-input"},
		{"another parameter twice", []string{`up42-sig=` + list + createdParam + `;a=1;a=1`}, "malformed-signature-input"},
		{"created in 9 digits", []string{`up42-sig=` + list + `;created=179000000`}, "malformed-signature-input"},
		{"created in 21 digits", []string{`up42-sig=` + list + `;created=000000000001789999998`}, "malformed-signature-input"},
		{"created below zero", []string{`up42-sig=` + list + `;created=-1789999998`}, "malformed-signature-input"},
		{"created as a string", []string{`up42-sig=` + list + `;created="1789999998"`}, "malformed-signature-input"},
		{"created as a decimal", []string{`up42-sig=` + list + `;created=1789999998.0`}, "malformed-signature-input"},
		{"created without a value", []string{`up42-sig=` + list + `;created`}, "malformed-signature-input"},
		{"a byte that is not ASCII", []string{`up42-sig=("h\xc3\xb6st")` + createdParam}, "malformed-signature-input"},
		{"too much of it", []string{strings.Repeat("a,", 2000) + `up42-sig=` + list + createdParam}, "malformed-signature-input"},

		{"created missing", []string{`up42-sig=` + list}, "missing-created"},
		{"created of another label", []string{`up42-sig=` + list + `, a;created=1789999998`}, "missing-created"},
		{"created of a component", []string{`up42-sig=("host";created=1789999998)`}, "missing-created"},
		{"created missing before an empty list", []string{`up42-sig=()`}, "missing-created"},
		{"empty list", []string{`up42-sig=( )` + createdParam}, "no-covered-components"},

		{"created far in the past", []string{`up42-sig=` + list + `;created=0000000000`}, "stale"},
		{"created past int64", []string{`up42-sig=` + list + `;created=99999999999999999999`}, "future"},
		{"created in the last int64", []string{`up42-sig=` + list + `;created=9223372036854775807`}, "future"},
		{"created in milliseconds", []string{`up42-sig=` + list + `;created=1789999998000`}, "future"},
	}
	v := signature.New(signature.Policy{Secrets: []string{secret}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(list + createdParam)
			r.Header["Signature-Input"] = tt.lines
			res, err := v.Verify(r, at)
			assert.Equal(t, tt.want, word(t, res, err))
		})
	}
}

// Each bit of a signature counts.
func TestVerifyWholeSignatures(t *testing.T) {
	v := signature.New(signature.Policy{Secrets: []string{secret}})
	for i := range 8 * 32 {
		good, err := base64.StdEncoding.DecodeString(mac(secret, "hooks.example.com"))
		require.NoError(t, err)
		good[i/8] ^= 1 << (i % 8)
		r := request(`("host")` + createdParam)
		r.Header["Signature"] = []string{"up42-sig=" + base64.StdEncoding.EncodeToString(good)}
		_, err = v.Verify(r, at)
		require.Equal(t, signature.SignatureMismatch, err, "bit %d", i)
	}
}

func TestVerifySignatureHeader(t *testing.T) {
	good := mac(secret, "hooks.example.com")
	tests := []struct {
		name  string
		lines []string
		want  string
	}{
		{"well formed", []string{"up42-sig=" + good}, "partial"},
		{"space around the value", []string{" up42-sig= " + good + " "}, "partial"},
		{"empty", []string{""}, "missing-signature"},
		{"another label", []string{"sig1=" + good}, "missing-signature"},
		{"another label first", []string{"sig1=" + good + ", up42-sig=" + good}, "missing-signature"},
		{"no value", []string{"up42-sig="}, "malformed-signature"},
		{"no equals sign", []string{"up42-sig"}, "malformed-signature"},
		{"in colons, as RFC 9421", []string{"up42-sig=:" + good + ":"}, "malformed-signature"},
		{"without padding", []string{"up42-sig=" + strings.TrimRight(good, "=")}, "malformed-signature"},
		{"31 bytes", []string{"up42-sig=" + base64.StdEncoding.EncodeToString(make([]byte, 31))}, "malformed-signature"},
		{"33 bytes", []string{"up42-sig=" + base64.StdEncoding.EncodeToString(make([]byte, 33))}, "malformed-signature"},
		{"stray bits at the end", []string{"up42-sig=" + good[:42] + "l="}, "malformed-signature"},
		{"something behind it", []string{"up42-sig=" + good + ", a=1"}, "malformed-signature"},
		{"URL alphabet", []string{"up42-sig=" + strings.Repeat("_", 42) + "8="}, "malformed-signature"},
		{"given twice", []string{"up42-sig=" + good, "up42-sig=" + good}, "malformed-signature"},
		{"another signature", []string{"up42-sig=" + mac("x", "hooks.example.com")}, "signature-mismatch"},
	}
	v := signature.New(signature.Policy{Secrets: []string{secret}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(`("host")` + createdParam)
			r.Header["Signature"] = tt.lines
			res, err := v.Verify(r, at)
			assert.Equal(t, tt.want, word(t, res, err))
		})
	}
}

func TestVerifyDigests(t *testing.T) {
	other := []byte("another body")
	tests := []struct {
		name    string
		covered string
		headers []string
		want    string
		digest  string
	}{
		{"sha-256", "digest", []string{"Digest", "SHA-256=" + sum256(body)}, "verified", "sha-256"},
		{"in any case", "digest", []string{"Digest", "sHa-256=" + sum256(body)}, "verified", "sha-256"},
		{"sha-512", "digest", []string{"Digest", "SHA-512=" + sum512(body)}, "verified", "sha-512"},
		{"both", "digest", []string{"Digest", "SHA-256=" + sum256(body) + ", sha-512=" + sum512(body)}, "verified", "sha-512"},
		{"beside one that does not count", "digest", []string{"Digest", "MD5=abc,SHA-256=" + sum256(body)}, "verified", "sha-256"},
		{"the same twice", "digest", []string{"Digest", "SHA-256=" + sum256(body) + ",SHA-256=" + sum256(body)}, "verified", "sha-256"},
		{"none that counts", "digest", []string{"Digest", "MD5=abc"}, "partial", ""},
		{"SHA-1 does not count", "digest", []string{"Digest", "SHA=abc"}, "partial", ""},
		{"one of two wrong", "digest", []string{"Digest", "SHA-256=" + sum256(body) + ",SHA-512=" + sum512(other)}, "digest-mismatch", "sha-512"},
		{"wrong", "digest", []string{"Digest", "SHA-256=" + sum256(other)}, "digest-mismatch", "sha-256"},
		{"no list", "digest", []string{"Digest", "SHA-256"}, "component-malformed", ""},
		{"only commas", "digest", []string{"Digest", ",,"}, "component-malformed", ""},
		{"no base64", "digest", []string{"Digest", "SHA-256=" + strings.Repeat("!", 44)}, "component-malformed", ""},
		{"cut short", "digest", []string{"Digest", "SHA-256=" + sum256(body)[:20]}, "component-malformed", ""},
		{"sha-512 of 32 bytes", "digest", []string{"Digest", "SHA-512=" + sum256(body)}, "component-malformed", ""},
		{"a value that is no token", "digest", []string{"Digest", "MD5=a b"}, "component-malformed", ""},
		{"more than anyone needs", "digest", []string{"Digest", strings.Repeat("SHA-256="+sum256(body)+",", 5)}, "component-malformed", ""},

		{"content-digest", "content-digest", []string{"Content-Digest", "sha-256=:" + sum256(body) + ":"}, "verified", "sha-256"},
		{"content-digest sha-512", "content-digest", []string{"Content-Digest", "sha-512=:" + sum512(body) + ":"}, "verified", "sha-512"},
		{"content-digest, two", "content-digest", []string{"Content-Digest", "sha-512=:" + sum512(body) + ":, sha-256=:" + sum256(body) + ":"}, "verified", "sha-512"},
		{"content-digest, the earlier one wrong", "content-digest", []string{"Content-Digest", "sha-256=:" + sum256(other) + ":, sha-256=:" + sum256(body) + ":"}, "digest-mismatch", "sha-256"},
		{"content-digest, none that counts", "content-digest", []string{"Content-Digest", "md5=:abcd:"}, "partial", ""},
		{"content-digest wrong", "content-digest", []string{"Content-Digest", "sha-256=:" + sum256(other) + ":"}, "digest-mismatch", "sha-256"},
		{"content-digest without colons", "content-digest", []string{"Content-Digest", "sha-256=" + sum256(body)}, "component-malformed", ""},
		{"content-digest as a string", "content-digest", []string{"Content-Digest", `sha-256="` + sum256(body) + `"`}, "component-malformed", ""},
		{"content-digest as a list", "content-digest", []string{"Content-Digest", `sha-256=(:` + sum256(body) + `:)`}, "component-malformed", ""},

		{"not covered, right", "host", []string{"Digest", "SHA-256=" + sum256(body)}, "partial", "sha-256"},
		{"not covered, wrong", "host", []string{"Digest", "SHA-256=" + sum256(other)}, "digest-mismatch", "sha-256"},
		{"not covered, second line wrong", "host", []string{"Digest", "SHA-256=" + sum256(body), "Digest", "SHA-256=" + sum256(other)}, "digest-mismatch", "sha-256"},
		{"not covered, unreadable", "host", []string{"Digest", "SHA-256=!"}, "digest-mismatch", ""},
		{"not covered, none that counts", "host", []string{"Digest", "MD5=abc"}, "partial", ""},
		{"not covered content-digest, wrong", "host", []string{"Content-Digest", "sha-256=:" + sum256(other) + ":"}, "digest-mismatch", "sha-256"},
		{"not covered content-digest, unreadable", "host", []string{"Content-Digest", "((("}, "digest-mismatch", ""},
		{
			"covered right, the other wrong", "digest",
			[]string{"Digest", "SHA-256=" + sum256(body), "Content-Digest", "sha-256=:" + sum256(other) + ":"},
			"digest-mismatch", "sha-256",
		},
		{
			"a stronger one not covered", "digest",
			[]string{"Digest", "SHA-256=" + sum256(body), "Content-Digest", "sha-512=:" + sum512(body) + ":"},
			"verified", "sha-256",
		},
	}
	v := signature.New(signature.Policy{Secrets: []string{secret}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, err := v.Verify(request(`("`+tt.covered+`")`+createdParam, tt.headers...), at)
			assert.Equal(t, tt.want, word(t, res, err))
			assert.Equal(t, tt.digest, res.Digest)
			if res.BodyHashed {
				assert.Equal(t, sha256.Sum256(body), res.BodySHA256)
			}
			assert.Equal(t, err == nil && strings.Contains(strings.ToUpper(strings.Join(tt.headers, "")), "SHA-256="), err == nil && res.BodyHashed)
		})
	}
}

func TestVerifyPolicy(t *testing.T) {
	signed := func(components ...string) signature.Request {
		r := signature.Request{Header: http.Header{}, Host: "hooks.example.com", Body: body}
		require.NoError(t, signature.Sign(r, secret, components, created))
		return r
	}
	bare := signature.Request{Header: http.Header{}, Body: body}
	wrongDigest := signature.Request{Header: http.Header{"Digest": {"SHA-256=" + sum256(nil)}}, Body: body}
	half := signature.Request{Header: http.Header{"Signature": {"up42-sig=x"}}, Body: body}
	key := []string{secret}
	tests := []struct {
		name   string
		policy signature.Policy
		r      signature.Request
		want   string
		secret int
	}{
		{"no policy", signature.Policy{}, signed(), "no-secret", -1},
		{"empty secrets", signature.Policy{Secrets: []string{"", ""}}, signed(), "no-secret", -1},
		{"empty secrets keep their place", signature.Policy{Secrets: []string{"", "x", "", secret}}, signed(), "verified", 3},
		{"the first match counts", signature.Policy{Secrets: []string{"x", secret, secret}}, signed(), "verified", 1},
		{"none matches", signature.Policy{Secrets: []string{"x", "y"}}, signed(), "signature-mismatch", -1},
		{"no secret, but stale", signature.Policy{MaxAge: time.Second}, signed(), "stale", -1},
		{"just young enough", signature.Policy{Secrets: key, MaxAge: 3 * time.Second}, signed(), "verified", 0},
		{"too old to the second", signature.Policy{Secrets: key, MaxAge: 2 * time.Second}, signed(), "stale", -1},
		{"pinned", signature.Policy{Secrets: key, Components: []string{"date", "digest"}}, signed(), "verified", 0},
		{"pinned, more", signature.Policy{Secrets: key, Components: []string{"date", "digest"}}, signed("date", "digest", "host"), "unexpected-components", -1},
		{"pinned, fewer", signature.Policy{Secrets: key, Components: []string{"date", "digest"}}, signed("date"), "unexpected-components", -1},
		{"pinned to none is any", signature.Policy{Secrets: key, Components: []string{}}, signed("date"), "partial", 0},
		{"digest required and there", signature.Policy{Secrets: key, RequireDigest: true}, signed(), "verified", 0},
		{"digest required", signature.Policy{Secrets: key, RequireDigest: true}, signed("host"), "digest-required", 0},
		{"digest required, wrong secret", signature.Policy{Secrets: []string{"x"}, RequireDigest: true}, signed("host"), "signature-mismatch", -1},
		{"unsigned", signature.Policy{Secrets: key}, bare, "missing-signature", -1},
		{"unsigned, allowed", signature.Policy{AllowUnsigned: true}, bare, "unsigned", -1},
		{"unsigned, allowed, digest required", signature.Policy{AllowUnsigned: true, RequireDigest: true}, bare, "unsigned", -1},
		{"unsigned, allowed, wrong digest", signature.Policy{AllowUnsigned: true}, wrongDigest, "digest-mismatch", -1},
		{"half a signature, unsigned allowed", signature.Policy{AllowUnsigned: true}, half, "missing-signature", -1},
		{"bad signature, unsigned allowed", signature.Policy{Secrets: []string{"x"}, AllowUnsigned: true}, signed(), "signature-mismatch", -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, err := signature.New(tt.policy).Verify(tt.r, at)
			assert.Equal(t, tt.want, word(t, res, err))
			assert.Equal(t, tt.secret, res.Secret)
		})
	}
}

func TestVerifyWindow(t *testing.T) {
	tests := []struct {
		name      string
		maxFuture time.Duration
		ahead     time.Duration
		want      string
	}{
		{"a minute ahead", 0, time.Minute, "verified"},
		{"more than a minute ahead", 0, 61 * time.Second, "future"},
		{"as far as it may", 10 * time.Second, 10 * time.Second, "verified"},
		{"farther than it may", 10 * time.Second, 11 * time.Second, "future"},
		{"not ahead at all", -1, 0, "verified"},
		{"ahead at all", -1, time.Second, "future"},
		{"almost five minutes old", 0, -299 * time.Second, "verified"},
		{"five minutes old", 0, -300 * time.Second, "stale"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := signature.Request{Header: http.Header{}, Body: body}
			require.NoError(t, signature.Sign(r, secret, nil, at.Add(tt.ahead)))
			res, err := signature.New(signature.Policy{Secrets: []string{secret}, MaxFuture: tt.maxFuture}).Verify(r, at)
			assert.Equal(t, tt.want, word(t, res, err))
		})
	}
}

func TestResultOfARejection(t *testing.T) {
	r := signature.Request{Header: http.Header{}, Body: body}
	require.NoError(t, signature.Sign(r, "another", nil, created))
	res, err := signature.New(signature.Policy{Secrets: []string{secret}}).Verify(r, at)
	require.ErrorIs(t, err, signature.SignatureMismatch)
	assert.Equal(t, signature.Result{
		Label: "up42-sig", Components: []string{"date", "digest"}, Created: created.Unix(), Secret: -1,
	}, res, "it says what the request claims")
}

func TestVerifierKeepsNoReferenceToItsPolicy(t *testing.T) {
	p := signature.Policy{Secrets: []string{secret}, Components: []string{"date", "digest"}}
	v := signature.New(p)
	p.Secrets[0], p.Components[0] = "changed", "changed"
	r := signature.Request{Header: http.Header{}, Body: body}
	require.NoError(t, signature.Sign(r, secret, nil, created))
	_, err := v.Verify(r, at)
	assert.NoError(t, err)
}

func TestVerifyConcurrently(t *testing.T) {
	v := signature.New(signature.Policy{Secrets: []string{"a", "b", "c"}})
	var wg sync.WaitGroup
	for i, s := range []string{"a", "b", "c", "none"} {
		wg.Go(func() {
			for n := range 200 {
				r := signature.Request{Header: http.Header{}, Body: bytes.Repeat([]byte(strconv.Itoa(n)), n)}
				if !assert.NoError(t, signature.Sign(r, s, nil, created)) {
					return
				}
				res, err := v.Verify(r, at)
				if s == "none" {
					assert.ErrorIs(t, err, signature.SignatureMismatch)
					continue
				}
				assert.NoError(t, err)
				assert.Equal(t, i, res.Secret)
			}
		})
	}
	wg.Wait()
}
