package client_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

const (
	password = `MARKED-pass"word\+/`
	evil     = "\x1b[2J\x1b]0;owned\x07\u202e\u009b31m"
)

// rawServer answers each connection with a text, whatever it is asked.
func rawServer(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.WriteString(conn, answer)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// everyCall makes a call that signs in before, and one with a token, and checks their errors: each is a
// short line, which does nothing to a terminal and has no secret.
func everyCall(t *testing.T, url string) {
	t.Helper()
	for secret, credentials := range map[string]client.Credentials{
		"MARKED-pass": {Username: "ada", Password: password}, "MARKED-token": {Token: "MARKED-token"},
	} {
		c, err := client.New(client.Options{APIURL: url, AuthURL: url, Credentials: credentials})
		require.NoError(t, err)
		_, err = c.Webhooks(t.Context())
		fine(t, err, secret)
		c.Close()
	}
}

func fine(t *testing.T, err error, secret string) {
	t.Helper()
	require.Error(t, err)
	line := err.Error() + client.Advice(err)
	assert.Less(t, len(line), 2000)
	assert.False(t, strings.ContainsFunc(line, unicode.IsControl), "%q", line)
	assert.NotContains(t, line, secret)
	assert.NotContains(t, line, "http://127.0.0.1")
}

// A server that speaks another protocol, or bad HTTP, quotes what it got.
func TestErrorsOfBadHTTPAreHarmless(t *testing.T) {
	for name, answer := range map[string]string{
		"status line":        "MARKED-token " + password + evil + "\r\n\r\n",
		"status":             "HTTP/1.1 MARKED-token" + password + "\r\n\r\n",
		"version":            "HTTP/9.9" + password + " 200 OK\r\n\r\n",
		"long status line":   "HTTP/1.1 200" + strings.Repeat("x", 1<<16) + "\r\n\r\n",
		"long first line":    strings.Repeat("x", 1<<16) + "\r\n\r\n",
		"header line":        "HTTP/1.1 200 OK\r\nMARKED-token" + evil + "\r\n\r\n",
		"password in header": "HTTP/1.1 200 OK\r\n" + password + "\r\n\r\n",
		"long header":        "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
		"length":             "HTTP/1.1 200 OK\r\nContent-Length: MARKED-token\r\n\r\n",
		"encoding":           "HTTP/1.1 200 OK\r\nTransfer-Encoding: MARKED-token" + evil + "\r\n\r\n",
		"chunk":              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nMARKED-token\r\n",
		"trailer":            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nMARKED-token" + password + "\r\n\r\n",
		"gzip":               "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\nMARKED-token",
		"location":           "HTTP/1.1 302 Found\r\nLocation: http://[MARKED-token" + password + "\r\nContent-Length: 0\r\n\r\n",
		"request id":         "HTTP/1.1 403 Forbidden\r\nX-Request-Id: MARKED-token " + password + "\r\nContent-Length: 0\r\n\r\n",
		"plain error":        "HTTP/1.1 403 Forbidden\r\nContent-Length: 60\r\n\r\nMARKED-token " + password + strings.Repeat(" ", 60),
		"informational":      strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: MARKED-token\r\n\r\n", 1000),
		"TLS":                "\x15\x03\x01\x00\x02\x02\x16MARKED-token",
		"hung up":            "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			everyCall(t, rawServer(t, answer))
		})
	}
}

// Answers to the sign-in and to calls, with a success as their status.
func TestHostileAnswers(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 16 {
		_, err := z.Write(bytes.Repeat([]byte(" "), 1<<20))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	sent := new(atomic.Int64)
	endless := func(w http.ResponseWriter, r *http.Request) {
		line := bytes.Repeat([]byte("x"), 1<<16)
		for r.Context().Err() == nil {
			n, err := w.Write(line)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, s)
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"a page":     text("<html><title>" + evil + "MARKED-token " + password),
		"empty":      text(""),
		"a text":     text(`"MARKED-token"`),
		"null":       text("null"),
		"a list":     text("[1,2,[3]]"),
		"wrong type": text(`{"access_token":7,"expires_in":"soon","sub":{"MARKED":1},"data":"MARKED-token"}`),
		"cut off":    text(`{"access_token":"MARKED-token`),
		"very deep":  text(strings.Repeat(`{"data":`, 1<<17)),
		"many names": text("{" + strings.Repeat(`"x":1,`, 1<<17) + `"data":7}`),
		"32 MB":      text(strings.Repeat(" ", 32<<20)),
		"a number":   text(`{"access_token":"t","expires_in":1e999,"sub":"x","data":7}`),
		"long id":    text(`{"access_token":"t","expires_in":300,"sub":"` + strings.Repeat("x", 1<<20) + `","data":{}}`),
		"UTF-16":     text("\xff\xfe{\x00}\x00"),
		"an error":   text(`{"error":"` + strings.Repeat("MARKED-token ", 1000) + `","data":null}`),
		"endless":    endless,
		"a bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(answer)
			t.Cleanup(s.Close)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			everyCall(t, s.URL)
			runtime.ReadMemStats(&after)
			assert.Less(t, int64(after.TotalAlloc-before.TotalAlloc), int64(400<<20), "what is read is limited")
		})
	}
	assert.Less(t, sent.Load(), int64(256<<20))
}

// No redirect takes a password or a token elsewhere, whatever its status is.
func TestNoRedirectTakesSecretsElsewhere(t *testing.T) {
	var asked atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(elsewhere.Close)
	port := elsewhere.URL[strings.LastIndex(elsewhere.URL, ":"):]
	t.Run("all", func(t *testing.T) {
		for _, to := range []string{elsewhere.URL, "//127.0.0.1" + port, "http://ada@127.0.0.1" + port + "/x", "\\\\127.0.0.1" + port, "https://127.0.0.1" + port, "file:///etc/passwd", "javascript:alert(1)"} {
			for _, status := range []int{301, 307} {
				t.Run(fmt.Sprint(status, " ", to), func(t *testing.T) {
					t.Parallel() // some are tried again, after a pause
					s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Location", to)
						w.WriteHeader(status)
					}))
					t.Cleanup(s.Close)
					everyCall(t, s.URL)
				})
			}
		}
	})
	assert.Zero(t, asked.Load())
}

// A server that answers byte by byte is given up after a while.
func TestASlowAnswerIsGivenUp(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	}))
	t.Cleanup(s.Close)
	c, err := client.New(client.Options{APIURL: s.URL, AuthURL: s.URL, Credentials: client.Credentials{Username: "ada", Password: password}})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err = c.Webhooks(ctx)
	fine(t, err, "MARKED")
	assert.Contains(t, client.Advice(err), "does not answer")
}

func TestMaskFindsSecretsInAllForms(t *testing.T) {
	for _, text := range []string{password, fmt.Sprintf("%q", password), "MARKED-pass%22word%5C%2B%2F", url.PathEscape(password)} {
		assert.NotContains(t, client.Mask("x "+text+" y", password, "word", ""), "MARKED", text)
	}
	assert.Equal(t, "the key of a door", client.Mask("the key of a door", "key", ""), "a short one may be a word")
	assert.Equal(t, "******** and ********", client.Mask("long-secret and secret", "secret", "long-secret"))
}
