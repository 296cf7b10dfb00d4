package receiver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AppendJSONLine appends v to dst as one line of JSON. Every character that a terminal
// could act on (control, format, private use, bidirectional) is escaped as \uXXXX. So
// the line is safe to print, and decodes to the same value.
func AppendJSONLine(dst []byte, v any) ([]byte, error) {
	text, err := marshal(v)
	if err != nil {
		return dst, fmt.Errorf("encode JSON: %w", err)
	}
	return append(escapeHidden(dst, text), '\n'), nil
}

// Shaped is a type that encodes another struct in its place as JSON.
type Shaped interface {
	// JSONShape returns the zero value of that struct. The receiver may be nil.
	JSONShape() any
}

// JSONFields returns the names of the fields that v can have in JSON, in their order. v is a
// struct, or a pointer to one, which may be nil.
func JSONFields(v any) []string {
	if s, ok := v.(Shaped); ok {
		v = s.JSONShape()
	}
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// EscapeJSON returns a line of JSON, with its line end, and escapes in it what AppendJSONLine
// escapes.
func EscapeJSON(line []byte) []byte {
	return append(escapeHidden(nil, bytes.TrimSuffix(line, []byte{'\n'})), '\n')
}

// marshal is json.Marshal without the escapes for HTML: bodies stay as they came.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(buf.Bytes(), []byte{'\n'}), err
}

func escapeHidden(dst, src []byte) []byte {
	for len(src) > 0 {
		plain := 0 // most lines are nothing else
		for plain < len(src) && ' ' <= src[plain] && src[plain] < 0x7f {
			plain++
		}
		dst, src = append(dst, src[:plain]...), src[plain:]
		if len(src) == 0 {
			break
		}
		r, n := utf8.DecodeRune(src)
		if hidden(r) || r == utf8.RuneError && n == 1 {
			dst = appendEscape(dst, r)
		} else {
			dst = append(dst, src[:n]...)
		}
		src = src[n:]
	}
	return dst
}

// hidden says whether to escape a rune. Such runes occur only inside JSON strings: the
// syntax of JSON is visible ASCII.
func hidden(r rune) bool {
	if r < 0x7f {
		return r < 0x20
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector)
}

func appendEscape(dst []byte, r rune) []byte {
	if r < 0x10000 {
		return fmt.Appendf(dst, `\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Appendf(dst, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
}
