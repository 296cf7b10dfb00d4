package capture_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/verify/capture"
)

const start = "POST /receive-webhooks HTTP/1.1\r\nHost: h\r\n"

func TestOneByteIsNoPlural(t *testing.T) {
	for raw, want := range map[string]string{
		"Content-Length: 2\r\n\r\n{":              "Content-Length says 2, but the body has only 1 byte",
		"Content-Length: 0\r\n\r\nx":              "Content-Length says 0, but 1 byte follows the headers: the others are not a part of the request",
		"\r\nx":                                   "there is no Content-Length: everything after the headers is the body (1 byte)",
		"Transfer-Encoding: chunked\r\n\r\n1\r\n": "its last chunk has only 0 of 1 byte",
	} {
		r, err := capture.Parse([]byte(start + raw))
		require.NoError(t, err)
		assert.Contains(t, append(r.Notes, r.Flaw), want, raw)
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, raw string
		body      string
		flaw      string // a part of it
		note      string
	}{
		{name: "as it came", raw: start + "Content-Length: 2\r\n\r\n{}", body: "{}"},
		{name: "line feeds", raw: strings.ReplaceAll(start, "\r", "") + "Content-Length: 4\n\n{\r\n}", body: "{\r\n}", note: "line feeds"},
		{name: "no length", raw: start + "\r\n{}\n", body: "{}\n", note: "no Content-Length"},
		{name: "no body", raw: start + "\r\n", body: ""},
		{name: "line end after the body", raw: start + "Content-Length: 2\r\n\r\n{}\r\n", body: "{}", note: "left out"},
		{name: "body that ends in a line end", raw: start + "Content-Length: 3\r\n\r\n{}\n", body: "{}\n"},
		{name: "too short", raw: start + "Content-Length: 3\r\n\r\n{}", body: "{}", flaw: "only 2 bytes"},
		{name: "too long", raw: start + "Content-Length: 1\r\n\r\n{}", body: "{", note: "2 bytes follow"},
		{name: "the same length twice", raw: start + "Content-Length: 2\r\ncontent-length: 2\r\n\r\n{}", body: "{}"},
		{name: "chunked", raw: start + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n", body: "{}"},
		{name: "chunked, hexadecimal", raw: start + "Transfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n", body: "0123456789"},
		{name: "chunked, line feeds", raw: "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n2\n{}\n0\n\n", body: "{}", note: "line feeds"},
		{name: "chunked, cut short", raw: start + "Transfer-Encoding: chunked\r\n\r\n5\r\n{}", body: "5\r\n{}", flaw: "only 2"},
		{name: "not really chunked", raw: start + "Transfer-Encoding: chunked\r\n\r\n{}", body: "{}", note: "joined"},
		{name: "not chunked at all", raw: start + "Transfer-Encoding: chunked\r\n\r\nx", body: "x", flaw: "not chunked"},
		{name: "names of HTTP/2", raw: ":method: POST\r\n:path: /x\r\n:authority: h\r\ncontent-length: 2\r\n\r\n{}", body: "{}", note: "HTTP/2"},
		{name: "names of HTTP/2 and a first line", raw: "POST /x HTTP/2\r\n:method: POST\r\n:path: /x\r\n:authority: h\r\ncontent-length: 2\r\n\r\n{}", body: "{}", note: "HTTP/2"},
		{name: "some line feeds", raw: start + "Content-Length: 2\n\r\n{}", body: "{}", note: "some"},
		{name: "chunk of another size", raw: start + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n", body: "1\r\n{}\r\n0\r\n\r\n", flaw: "not chunked"},
		{name: "chunk of a huge size", raw: start + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", body: "ffffffffffffffff\r\n{}", flaw: "not chunked"},
		{name: "chunked and a length", raw: start + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", body: "{}", flaw: "both"},
		{name: "blank lines before", raw: "\ufeff\r\n\r\n" + start + "Content-Length: 2\r\n\r\n{}", body: "{}"},
		{name: "printed as HTTP/2", raw: "POST /x HTTP/2\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}", body: "{}", note: "HTTP/1.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := capture.Parse([]byte(tt.raw))
			require.NoError(t, err)
			assert.Equal(t, "POST", r.Method)
			assert.Equal(t, tt.body, string(r.Body))
			if tt.flaw == "" {
				assert.Empty(t, r.Flaw)
			}
			assert.Contains(t, r.Flaw, tt.flaw)
			assert.Contains(t, strings.Join(r.Notes, "\n"), tt.note)
			if tt.note == "" {
				assert.Empty(t, r.Notes)
			}
		})
	}
}

func TestParseUnreadable(t *testing.T) {
	tests := map[string]string{
		"":                                     "input is empty",
		"\r\n\r\n":                             "input is empty",
		"\xff\xfeP\x00O\x00":                   "UTF-16",
		"hello":                                "no empty line",
		start:                                  "no empty line",
		"hello\r\n\r\n":                        "not an HTTP request",
		"POST / HTTP/1.1\r\nno header\r\n\r\n": "not an HTTP request",
		start + "Content-Length: many\r\n\r\n": "not an HTTP request",
		start + "Content-Length: -1\r\n\r\n":   "not an HTTP request",
		start + "Transfer-Encoding: gzip\r\n\r\n{}":         "not an HTTP request",
		start + "host: another\r\n\r\n":                     "too many Host",
		`{"event": "order.status"}` + "\n\n":                "not an HTTP request",
		start + "Content-Length: 1\nContent-Length: 2\n\nx": "not an HTTP request",
	}
	for raw, want := range tests {
		_, err := capture.Parse([]byte(raw))
		assert.ErrorContains(t, err, want, "%q", raw)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(start + "Content-Length: 2\r\n\r\n{}"))
	f.Add([]byte(start + "Transfer-Encoding: chunked\n\n2\n{}\n0\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := capture.Parse(raw)
		if err == nil {
			assert.NotNil(t, r.Header)
			assert.LessOrEqual(t, len(r.Body), len(raw))
		}
	})
}
