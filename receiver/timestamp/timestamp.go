// Package timestamp reads the times in UP42's deliveries and in the answers of its API.
//
// UP42 writes RFC 3339 in UTC with microseconds. The package also reads what other
// senders write: see [Parse].
package timestamp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// FromJSON reads a time from a JSON value: a string as [Parse] reads it, or a number as
// [Parse] reads its digits. An absent value and null give the zero time without an error.
func FromJSON(raw []byte) (time.Time, error) {
	raw = bytes.Trim(raw, " \t\r\n")
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return time.Time{}, nil
	case raw[0] == '"':
		return fromString(raw)
	case raw[0] == '-' || isDigit(raw[0]):
		return parseNumber(string(raw))
	default:
		return time.Time{}, fmt.Errorf("%s is neither a text nor a number", shorten(string(raw)))
	}
}

// fromString reads a JSON string. It decodes only a string that has escapes.
func fromString(raw []byte) (time.Time, error) {
	if end := len(raw) - 1; end > 0 && raw[end] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return Parse(string(raw[1:end]))
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return time.Time{}, fmt.Errorf("%s is not JSON", shorten(string(raw)))
	}
	return Parse(s)
}

// Parse reads a time in one of these forms and returns it in UTC:
//
//   - RFC 3339, such as 2026-11-03T10:00:00.123456Z, with a fraction of any length or
//     none, a space or t for T, z for Z, +0000 or +00 for +00:00. The seconds may be
//     missing. A time without a zone is in UTC.
//   - digits: the time since 1970 in seconds (9 or 10 digits), milliseconds (12 or 13) or
//     microseconds (15 or 16). Each reaches from 1973 to 2286. They may have a fraction.
//
// Anything else is an error that quotes what it saw. The zero [time.Time] is an error
// too, because it means that there is no time. A leap second is the second after it.
func Parse(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, errEmpty
	}
	if isNumber(text) {
		return parseNumber(text)
	}
	t, problem := parseRFC3339(text)
	if problem != "" {
		return time.Time{}, fmt.Errorf("%q %s", shorten(text), problem)
	}
	return t, nil
}

type constant string

func (c constant) Error() string { return string(c) }

const errEmpty = constant("the text is empty")

// shorten copies a text for an error, so that the text itself need not be allocated. A long
// one is cut.
func shorten(text string) string {
	const longest = 60
	if len(text) > longest {
		return strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return strings.Clone(text)
}
