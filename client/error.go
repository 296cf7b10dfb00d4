package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Error is UP42's refusal of a call.
type Error struct {
	// Call says what was being done, in words ("create the webhook").
	Call string
	// Status is the HTTP status.
	Status int
	// Code and Message are UP42's, "" where it gave none. They come from
	// outside: Message is one line without control characters and not longer
	// than 300, but may hold other characters that a terminal obeys.
	Code, Message string
	// RequestID is UP42's name for the request, "" where it gave none.
	RequestID string
	// RetryAfter is how long UP42 asks to wait; 0: it did not say.
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s: UP42 answered %d", e.Call, e.Status)
	if words := http.StatusText(e.Status); words != "" {
		s += " " + words
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.RequestID != "" {
		s += " (request " + e.RequestID + ")"
	}
	return s
}

// NotFound says that what a call was about is not there (any more).
func NotFound(err error) bool { return hasStatus(err, http.StatusNotFound) }

// Unauthorized says that UP42 did not accept the credentials or the token.
func Unauthorized(err error) bool { return hasStatus(err, http.StatusUnauthorized) }

func hasStatus(err error, status int) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == status
}

// refusal reads an answer that is no success. UP42 and the gateways before it
// have several forms for that (wire.md §4).
func refusal(what string, res *http.Response, answer []byte) *Error {
	e := &Error{Call: what, Status: res.StatusCode, RetryAfter: retryAfter(res.Header)}
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := res.Header.Get(name); id != "" && e.RequestID == "" {
			e.RequestID = oneLine(id, 80)
		}
	}
	var code, message string
	switch answer = bytes.TrimSpace(answer); {
	case len(answer) == 0:
	case looksHTML(res.Header.Get("Content-Type"), answer):
		message = "an HTML page in the place of JSON"
	default:
		code, message = complaint(answer)
	}
	e.Code, e.Message = oneLine(code, 80), oneLine(message, 300)
	return e
}

func looksHTML(contentType string, answer []byte) bool {
	return strings.HasPrefix(strings.TrimSpace(contentType), "text/html") || answer[0] == '<'
}

// complaint finds code and message in what is an error, a problem (RFC 7807), or
// plain text.
func complaint(answer []byte) (code, message string) {
	var o map[string]json.RawMessage
	if json.Unmarshal(answer, &o) != nil {
		var s string
		if json.Unmarshal(answer, &s) == nil {
			return "", s
		}
		return "", string(answer)
	}
	if inner, ok := o["error"]; ok && inner[0] == '{' {
		return complaint(inner)
	}
	code = first(o, "code", "error")
	message = first(o, "message", "error_description", "detail", "msg", "title", "error")
	if title := first(o, "title"); title != "" && title != message && o["detail"] != nil {
		message = title + ": " + message
	}
	if message == code {
		code = ""
	}
	return code, message
}

// first is the first of some fields that is a text or a number.
func first(o map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		var s string
		var n json.Number
		switch raw := o[name]; {
		case json.Unmarshal(raw, &s) == nil && s != "":
			return s
		case json.Unmarshal(raw, &n) == nil && n != "":
			return n.String()
		}
	}
	return ""
}

// oneLine is a text from outside on one line, at most max characters long.
func oneLine(s string, max int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > max {
		s = string(r[:max-1]) + "…"
	}
	return s
}

// retryAfter reads seconds or a date (RFC 9110 §10.2.3).
func retryAfter(h http.Header) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(v); err == nil {
		const longest = 30 * 24 * 60 * 60
		return time.Duration(min(max(n, 0), longest)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
