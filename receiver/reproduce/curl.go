package reproduce

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
)

// CurlError says why there is no command that sends a delivery again.
type CurlError string

func (e CurlError) Error() string { return string(e) }

// The reasons.
const (
	ErrNoHeaders CurlError = "its headers are not kept, so the command would send another request"
	ErrCut       CurlError = "only the start of its body is kept, so the command would send another request"
)

// made are headers that curl makes itself, from the address and the body.
var made = []string{"Content-Length", "Transfer-Encoding", "Connection", "Expect"}

// Curl returns a command for a POSIX shell that sends a delivery to a URL again, with the
// signature that it had: the signature becomes stale. The shell expands nothing of the
// delivery, and the command is safe to paste into a terminal: control characters and what
// is invisible are escaped.
//
// The header Host is sent as it was only if the signature covers it, as the server at the URL
// may need another one.
func Curl(e *receiver.Event, url string) (string, error) {
	switch {
	case len(e.Headers) == 0:
		return "", ErrNoHeaders
	case isCut(e):
		return "", ErrCut
	}
	args := []string{"curl -sS -X " + word(method(e))}
	for _, h := range e.Headers {
		if slices.Contains(made, h.Name) || h.Name == "Host" && !slices.Contains(e.Proof.Components, "host") {
			continue
		}
		line := h.Name + ": " + h.Value
		if h.Value == "" {
			line = h.Name + ";" // curl leaves out a header that ends with its colon
		}
		args = append(args, "-H "+word(line))
	}
	for _, own := range []string{"Accept", "Content-Type", "Expect", "User-Agent"} { // those that curl adds
		if !has(e, own) {
			args = append(args, "-H "+word(own+":"))
		}
	}
	before, data := body(string(e.Raw))
	args = append(args, data, word(url))
	return before + strings.Join(args, " \\\n  "), nil
}

func has(e *receiver.Event, header string) bool {
	return slices.ContainsFunc(e.Headers, func(h receiver.Header) bool { return h.Name == header })
}

// body returns the argument with a body, and what has to be before the command. curl takes a
// body that starts with @ for the name of a file, and no argument can have a zero byte: then
// the body comes from standard input.
func body(raw string) (before, argument string) {
	if isPlain(raw) && !strings.HasPrefix(raw, "@") {
		return "", "--data-binary " + quote(raw)
	}
	return "printf '%b' " + quote(escape(raw)) + " | ", "--data-binary @-"
}

// word writes a text as one word of a command.
func word(s string) string {
	if isPlain(s) {
		return quote(s)
	}
	return `"$(printf '%b' ` + quote(escape(s)) + `)"`
}

// quote writes a text for a shell, which expands nothing between single quotes.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// isPlain reports whether a text can be pasted into a terminal as it is.
func isPlain(s string) bool {
	for _, r := range s {
		if r != '\n' && (r == utf8.RuneError || !unicode.IsPrint(r)) {
			return false
		}
	}
	return true
}

// escape writes a text for the format %b of printf.
func escape(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r != '\\' && isPlain(s[:n]) {
			b.WriteString(s[:n])
		} else {
			for i := range n {
				fmt.Fprintf(&b, `\0%03o`, s[i])
			}
		}
		s = s[n:]
	}
	return b.String()
}
