package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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
	// Page says that a web page came in the place of JSON: maybe something other
	// than UP42's API has answered.
	Page bool
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

// NotFound says that what a call was about is not there (any more). It does not
// where the call came to no API: a web page answered, or the sign-in is not there.
func NotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound && !e.Page && !e.atSignIn()
}

// atSignIn says that it was the sign-in that refused, not the API.
func (e *Error) atSignIn() bool { return e.Call == signIn || e.Call == askWorkspace }

// Unauthorized says that UP42 did not accept the credentials or the token.
func Unauthorized(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusUnauthorized
}

// refusal reads an answer that is no success. UP42 and the gateways before it
// have several forms for that (wire.md §4). It may repeat what it was sent, so
// the secrets of the call are taken out.
func refusal(what string, res *http.Response, answer []byte, secrets ...Secret) *Error {
	e := &Error{Call: what, Status: res.StatusCode, RetryAfter: retryAfter(res.Header)}
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := res.Header.Get(name); id != "" && e.RequestID == "" {
			e.RequestID = oneLine(id, 80)
		}
	}
	var code, message string
	switch answer = bytes.TrimSpace(answer); {
	case len(answer) == 0:
	case looksHTML(res.Header, answer):
		e.Page, message = true, aPage
	default:
		code, message = complaint(answer)
	}
	e.Code, e.Message = oneLineWithout(code, 80, secrets), oneLineWithout(message, 300, secrets)
	return e
}

const aPage = "an HTML page in the place of JSON"

// looksHTML says that an answer, which is not empty, is a web page. JSON may be
// mislabelled as one.
func looksHTML(h http.Header, answer []byte) bool {
	return answer[0] == '<' || answer[0] != '{' && answer[0] != '[' &&
		strings.HasPrefix(strings.TrimSpace(h.Get("Content-Type")), "text/html")
}

// oneLineWithout is oneLine without secrets: neither as they are there nor as
// they come to light when control characters go; nor the beginning of one, which
// cutting would leave.
func oneLineWithout(s string, max int, secrets []Secret) string {
	s = without(s[:min(len(s), 64<<10)], secrets)
	return oneLine(without(oneLine(s, len(s)+1), secrets), max)
}

// without masks secrets in a text, as they are or as a form has them. Those of
// less than four characters are in any text.
func without(text string, secrets []Secret) string {
	for _, s := range secrets {
		if plain := s.Reveal(); len(plain) >= 4 {
			text = strings.NewReplacer(plain, mask, url.QueryEscape(plain), mask).Replace(text)
		}
	}
	return text
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
