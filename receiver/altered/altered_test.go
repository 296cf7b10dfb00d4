package altered_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/altered"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestMain(m *testing.M) { testmain.Run(m) }

const sent = `{"event": "order.status", "name": "Zürich / 𝛑", "url": "a\/b", "liveMode": false, "body": {"status": "PLACED", "n": 1.10, "note": "a: \"b\", c"}}`

// headers are headers with the digest of a body.
func headers(body string, more ...string) http.Header {
	sum := sha256.Sum256([]byte(body))
	h := http.Header{"Digest": {"SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])}}
	for i := 0; i < len(more); i += 2 {
		h.Add(more[i], more[i+1])
	}
	return h
}

func compress(t *testing.T, body string, with func(io.Writer) io.WriteCloser) string {
	t.Helper()
	var out bytes.Buffer
	w := with(&out)
	_, err := io.WriteString(w, body)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

func indented(t *testing.T, body, indent string) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, []byte(body), "", indent))
	return out.String()
}

func compact(t *testing.T, body string) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, json.Compact(&out, []byte(body)))
	return out.String()
}

func utf16LE(body string) string {
	out := "\xff\xfe"
	for _, u := range utf16.Encode([]rune(body)) {
		out += string([]byte{byte(u), byte(u >> 8)})
	}
	return out
}

func quoted(t *testing.T, body string) string {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	return string(text)
}

// If a known change is undone, the body matches its digest: that is certain.
func TestTheChangeOfABodyIsFound(t *testing.T) {
	gzipped := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	small := compact(t, sent)
	for name, tc := range map[string]struct{ sent, came, want string }{
		"gzip":                {sent, compress(t, sent, gzipped), "it was compressed"},
		"zlib":                {sent, compress(t, sent, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }), "it was compressed"},
		"deflate":             {sent, compress(t, sent, func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 5); return f }), "it was compressed"},
		"a line end more":     {sent, sent + "\n", "at its end"},
		"a line end less":     {sent + "\n", sent, "at its end"},
		"Windows":             {indented(t, sent, " "), strings.ReplaceAll(indented(t, sent, " "), "\n", "\r\n"), "line ends"},
		"not Windows":         {strings.ReplaceAll(indented(t, sent, " "), "\n", "\r\n"), indented(t, sent, " "), "line ends"},
		"a mark":              {sent, "\ufeff" + sent, "byte order mark"},
		"no mark":             {"\ufeff" + sent, sent, "byte order mark"},
		"compact":             {sent, small, "white space or escapes"},
		"spaced":              {small, sent, "white space or escapes"},
		"indented":            {small, indented(t, small, "  "), "white space or escapes"},
		"was indented":        {indented(t, small, "    "), small, "white space or escapes"},
		"was indented by t":   {indented(t, small, "\t") + "\n", small, "white space or escapes"},
		"escaped":             {strings.ReplaceAll(small, `\/`, "/"), strings.NewReplacer("ü", `\u00fc`, "𝛑", `\ud835\uded1`).Replace(small), "white space or escapes"},
		"was escaped":         {strings.NewReplacer("ü", `\u00fc`, "𝛑", `\ud835\uded1`).Replace(sent), small, "white space or escapes"},
		"base64":              {sent, base64.StdEncoding.EncodeToString([]byte(sent)), "base64"},
		"base64 of URLs":      {sent, base64.RawURLEncoding.EncodeToString([]byte(sent)), "base64"},
		"a form":              {sent, url.QueryEscape(sent), "form"},
		"a field of a form":   {sent, "payload=" + url.QueryEscape(sent), "form"},
		"UTF-16":              {sent, utf16LE(sent), "UTF-16"},
		"a text":              {sent, quoted(t, sent), "another object or text"},
		"a text in an object": {sent, `{"Type":"Notification","Message":` + quoted(t, sent) + `}`, "another object or text"},
		"base64 in an object": {sent, `{"isBase64Encoded":true,"body":"` + base64.StdEncoding.EncodeToString([]byte(sent)) + `"}`, "another object or text"},
		"an object":           {sent, `{"detail":` + sent + `}`, "another object or text"},
		"a list":              {sent, `[` + sent + `]`, "another object or text"},
		"a text in a list":    {sent, `{"Records":[{"n":1,"body":` + quoted(t, sent) + `}]}`, "another object or text"},
		"a text in a text":    {sent, `{"Message":` + quoted(t, `{"data":`+sent+`}`) + `}`, "another object or text"},
		"a form of parts":     {sent, "--x\r\nContent-Disposition: form-data; name=p\r\n\r\n" + sent + "\r\n--x--\r\n", "another object or text"},
		"a call":              {sent, "callback(" + sent + ");", "another object or text"},
		"XML":                 {sent, "<m><![CDATA[" + sent + "]]></m>", "another object or text"},
		"hexadecimal":         {sent, hex.EncodeToString([]byte(sent)), "hexadecimal"},
		"HTML":                {sent, html.EscapeString(sent), "HTML"},
		"Latin-1":             {"{\"event\":\"Zürich\"}", "{\"event\":\"Z\xfcrich\"}", "character set"},
		"UTF-8 twice":         {"{\"event\":\"Zürich\"}", "{\"event\":\"Z\u00c3\u00bcrich\"}", "character set"},
		"two: gzip, compact":  {sent, compress(t, small, gzipped), "with other white space or escapes, then it was compressed"},
		"two: gzip, list":     {sent, compress(t, "["+sent+"]", gzipped), "another object or text, then it was compressed"},
		"two: list, compact":  {sent, "[" + small + "]", "with other white space or escapes, then it was put into another object or text"},
		"two: base64 of gzip": {sent, base64.StdEncoding.EncodeToString([]byte(compress(t, sent, gzipped))), "it was compressed, then it was encoded in base64"},
		"two: UTF-16, line":   {sent, utf16LE(sent + "\n"), "at its end were added or removed, then it was converted to UTF-16"},
	} {
		c := altered.Find(altered.Delivery{Reason: signature.DigestMismatch, Header: headers(tc.sent), Body: []byte(tc.came), Plain: true})
		assert.Contains(t, c.What, tc.want, name)
		assert.Contains(t, c.What, "Without that it matches its digest", name)
		assert.NotEmpty(t, c.Todo, name)
	}
}

// What is not certain is told as probable.
func TestTheCauseOfARejection(t *testing.T) {
	digest, malformed := signature.DigestMismatch, signature.Reason("body-malformed")
	good := altered.Delivery{Header: http.Header{}, Host: "hooks.example.com", Body: []byte(sent), Plain: true}
	type d = altered.Delivery
	for name, tc := range map[string]struct {
		change func(*d)
		want   string // empty: no cause
	}{
		"another body": {func(x *d) {
			x.Reason, x.Header, x.Decodes, x.Components = digest, headers("x"), true, []string{"date", "digest"}
		}, "not the body that was signed: it was changed afterwards"},
		"another character": {func(x *d) {
			x.Reason, x.Header, x.Decodes, x.Components = digest, headers(strings.Replace(sent, "PLACED", "PLACES", 1)), true, []string{"digest"}
		}, "not the body that was signed: it was changed afterwards"},
		"an unsigned digest": {func(x *d) {
			x.Reason, x.Header, x.Decodes, x.Components = digest, headers("x"), true, []string{"date"}
		}, "the body or the digest was changed"},
		"brotli": {func(x *d) {
			x.Reason, x.Header, x.Body = digest, headers("x", "Content-Encoding", "br"), []byte("\x8b\x02")
		}, "compressed (Content-Encoding: br)"},
		"zstd by its beginning": {func(x *d) { x.Reason, x.Header, x.Body = malformed, http.Header{}, []byte("\x28\xb5\x2f\xfdxx") }, "it begins like zstd"},
		"signed compressed": {func(x *d) {
			x.Reason, x.Header, x.Body = malformed, headers("\x1f\x8bx", "Content-Encoding", "gzip"), []byte("\x1f\x8bx")
		}, "whoever signed it compressed it"},
		"decompressed":           {func(x *d) { x.Reason, x.Header, x.Decodes = digest, headers("x", "Content-Encoding", "zstd"), true }, "decompressed it"},
		"identity":               {func(x *d) { x.Reason, x.Header, x.Decodes = digest, headers("x", "Content-Encoding", "identity"), true }, "was changed"},
		"cut off":                {func(x *d) { x.Reason, x.Header = malformed, http.Header{"Content-Length": {"9999"}} }, "of 9999 bytes"},
		"cut off after its JSON": {func(x *d) { x.Reason, x.Header, x.Decodes = malformed, http.Header{"Content-Length": {"9999"}}, true }, "of 9999 bytes"},
		"empty":                  {func(x *d) { x.Reason, x.Body = malformed, nil }, "redirect"},
		"a page":                 {func(x *d) { x.Reason, x.Body = malformed, []byte(" <!doctype html>") }, "HTML"},
		"a form":                 {func(x *d) { x.Reason, x.Body = malformed, []byte("payload=%7B%7D") }, "form"},
		"two ends":               {func(x *d) { x.Reason, x.Decodes = malformed, true }, "both Transfer-Encoding"},
		"a mark":                 {func(x *d) { x.Reason, x.Body = malformed, []byte("\ufeff{}") }, "byte order mark"},
		"other JSON":             {func(x *d) { x.Reason, x.Body = malformed, []byte("[1]") }, ""},
		"a forwarded host": {func(x *d) {
			x.Components = []string{"host"}
			x.Host = "up"
			x.Header.Set("X-Forwarded-Host", "hooks.example.com, b")
		}, "Host header was changed on the way: it is up, and X-Forwarded-Host says that it was hooks.example.com"},
		"a standard host":        {func(x *d) { x.Components = []string{"host"}; x.Header.Set("Forwarded", `for=1.1.1.1;host="a.b"`) }, "Forwarded says that it was a.b"},
		"the same host":          {func(x *d) { x.Components = []string{"host"}; x.Header.Set("X-Forwarded-Host", "Hooks.example.com") }, ""},
		"an upstream's address":  {func(x *d) { x.Components = []string{"date", "host"}; x.Host = "127.0.0.1:9888" }, "which is 127.0.0.1:9888 here"},
		"an upstream's name":     {func(x *d) { x.Components = []string{"host"}; x.Host = "backend:80" }, "which is backend:80 here"},
		"a host that counts not": {func(x *d) { x.Host = "127.0.0.1" }, ""},
		"a usual victim":         {func(x *d) { x.Components = []string{"accept-encoding"} }, "which proxies and tunnels often rewrite"},
		"a new name": {func(x *d) {
			x.Reason, x.Faulty = signature.ComponentMissing, "date"
			x.Header.Set("X-Amzn-Remapped-Date", "x")
		}, "renamed it to X-Amzn-Remapped-Date"},
		"no length": {func(x *d) { x.Reason, x.Faulty = signature.ComponentMissing, "content-length" }, "in chunks"},
		"dropped":   {func(x *d) { x.Reason, x.Faulty = signature.ComponentMissing, "digest" }, "dropped it"},
		"twice":     {func(x *d) { x.Reason, x.Faulty = signature.ComponentRepeated, "date" }, "added one of its own"},
		"joined": {func(x *d) {
			x.Reason, x.Faulty = signature.ComponentMalformed, "date"
			x.Header.Set("Date", "Tue, 03 Nov 2026 10:00:00 GMT, Tue, 03 Nov 2026 10:00:01 GMT")
		}, "joined into one"},
		"folded": {func(x *d) {
			x.Reason, x.Faulty, x.Plain = signature.ComponentMalformed, "x", false
			x.Header.Set("X", "y")
		}, "second line"},
		"half a signature": {func(x *d) { x.Reason = signature.MissingSignature; x.Header.Set("Signature-Input", "x") }, "no Signature: something in between dropped it"},
		"no signature":     {func(x *d) { x.Reason = signature.MissingSignature }, ""},
		"a plus": {func(x *d) {
			x.Reason = signature.MalformedSignature
			x.Header["Signature-Input"] = []string{`up42-sig=("a")`}
			x.Header.Set("Signature", "up42-sig=a b=")
		}, "plus signs"},
		"backslashes": {func(x *d) {
			x.Reason = signature.MalformedSignatureInput
			x.Header.Set("Signature-Input", `up42-sig=(\"a\")`)
			x.Header.Set("Signature", "y")
		}, "backslashes"},
		"old": {func(x *d) { x.Reason = signature.Stale }, ""},
	} {
		x := good
		x.Reason, x.Header = signature.SignatureMismatch, http.Header{}
		tc.change(&x)
		c := altered.Find(x)
		assert.NotContains(t, c.What, "wrote it again", "%s: nothing proves that a program wrote the JSON again", name)
		if tc.want == "" {
			assert.True(t, c.IsZero(), "%s: %s", name, c.What)
			continue
		}
		assert.Contains(t, c.What, tc.want, name)
		assert.NotEmpty(t, c.Todo, name)
		if x.Reason == signature.SignatureMismatch && !strings.Contains(c.What, "says that it was") {
			assert.Contains(t, c.Todo, "another secret", "%s: that is possible, too", name)
		}
	}
}

// No body is so strange, or so large when it is decompressed, that it does harm.
func FuzzFind(f *testing.F) {
	var bomb bytes.Buffer
	w, _ := gzip.NewWriterLevel(&bomb, gzip.BestCompression)
	_, _ = w.Write(bytes.Repeat([]byte{' '}, 10<<20))
	_ = w.Close()
	for _, body := range []string{sent, bomb.String(), utf16LE(sent), `"\ud800"`, `{"a":"\u12"}`, `"\`, "\xff\xfe", "", "%", `{"a\"":1,}`, strconv.Quote(sent)} {
		f.Add([]byte(body), "gzip", `for="`)
	}
	f.Fuzz(func(_ *testing.T, body []byte, encoding, forwarded string) {
		h := headers("x", "Content-Encoding", encoding, "Forwarded", forwarded, "Signature", forwarded, "Date", forwarded)
		for _, reason := range []signature.Reason{signature.DigestMismatch, "body-malformed", signature.SignatureMismatch, signature.ComponentMalformed, signature.MalformedSignature} {
			altered.Find(altered.Delivery{Reason: reason, Header: h, Host: forwarded, Body: body, Components: []string{"host"}, Faulty: "date"})
		}
	})
}
