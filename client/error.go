package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// The calls on which the advice about an error depends, in words.
const (
	signIn        = "sign in"
	askWorkspace  = "ask for the workspace"
	listWebhooks  = "list the webhooks"
	createWebhook = "create the webhook"
	changeWebhook = "change the webhook"
	testWebhook   = "test the webhook"
	listEvents    = "list the events"
	listOrders    = "list the orders"
	listJobs      = "list the jobs"
)

// Error is a call that UP42 refused.
type Error struct {
	// Call is the call in words, such as "create the webhook".
	Call string
	// Status is the HTTP status.
	Status int
	// Code and Message come from UP42. They may be empty. Message is one line of at most
	// 300 characters without control characters. Clean it before you print it, as it may
	// have other characters that change how a terminal shows text.
	Code, Message string
	// RequestID is UP42's id of the request. It may be empty.
	RequestID string
	// RetryAfter is how long UP42 asks to wait. It is 0 if UP42 does not say.
	RetryAfter time.Duration
	// Page means that the answer is a web page and not JSON, so it may not come from UP42's
	// API.
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

// NotFound reports whether the subject of a call does not exist (any more). It is false if the
// call did not reach the API: if the answer is a web page, or comes from the sign-in.
func NotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Status == http.StatusNotFound || e.Status == http.StatusGone) && !e.Page && !e.atSignIn()
}

// atSignIn reports whether the sign-in refused, and not the API.
func (e *Error) atSignIn() bool { return e.Call == signIn || e.Call == askWorkspace }

// atSignIn is an error at the address of the sign-in.
type atSignIn struct{ error }

func (a atSignIn) Unwrap() error { return a.error }

// Unauthorized reports whether UP42 refused the credentials or the token.
func Unauthorized(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusUnauthorized
}

// refusal reads an answer that is not a success. UP42 and its gateways have several forms of
// errors. An error may repeat what was sent, so refusal masks the secrets of the call.
func refusal(what string, res *http.Response, answer []byte, secrets ...Secret) *Error {
	e := &Error{Call: what, Status: res.StatusCode, RetryAfter: retry.After(res.Header)}
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := res.Header.Get(name); id != "" && e.RequestID == "" {
			e.RequestID = oneLineWithout(id, 80, secrets)
		}
	}
	var code, message string
	switch answer = bytes.TrimSpace(answer); {
	case len(answer) == 0:
	case looksHTML(res.Header, answer):
		e.Page, message = true, aPage
	default:
		code, message = complaint(answer, deepest)
	}
	e.Code, e.Message = oneLineWithout(code, 80, secrets), oneLineWithout(message, 300, secrets)
	return e
}

// looksHTML reports whether an answer, which is not empty, is a web page. JSON may have the
// wrong content type.
func looksHTML(h http.Header, answer []byte) bool {
	return answer[0] == '<' || answer[0] != '{' && answer[0] != '[' &&
		strings.HasPrefix(strings.TrimSpace(h.Get("Content-Type")), "text/html")
}

// oneLineWithout is oneLine with secrets masked. It masks before and after control characters
// are removed, as they may be inside a secret, and before the text is cut, which would leave
// the beginning of a secret.
func oneLineWithout(s string, max int, secrets []Secret) string {
	s = Mask(s[:min(len(s), 64<<10)], secrets...)
	return oneLine(Mask(oneLine(s, len(s)+1), secrets...), max)
}

// deepest is how many errors may be inside each other. Each is read again with all that is in it.
const deepest = 3

// complaint finds the code and the message in an error of UP42, a problem (RFC 7807) or plain
// text. inside is how many more errors may be in it.
func complaint(answer []byte, inside int) (code, message string) {
	var o map[string]json.RawMessage
	if json.Unmarshal(answer, &o) != nil {
		var s string
		if json.Unmarshal(answer, &s) == nil {
			return "", s
		}
		return "", string(answer)
	}
	if inner, ok := o["error"]; ok && inner[0] == '{' && inside > 0 {
		return complaint(inner, inside-1)
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

// first returns the first of some fields that is a text or a number.
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

// oneLine makes a text one line of at most max characters.
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
