package signature

import (
	"bytes"
	"encoding/json"
)

// bodyTimestamp returns the value of the field `timestamp` of a JSON object, as
// encoding/json would find it: the case of the name does not matter, and the last one
// counts. It returns nil if there is no such field, or if the body is not such an object.
//
// It only looks for the ends of values and does not check them: the receiver decodes the
// body after the signature and refuses one that is not JSON. This takes a fraction of the
// time of a second decoding, see BenchmarkVerify.
func bodyTimestamp(body []byte) (value []byte) {
	s := jsonScanner{rest: body}
	if !s.take('{') {
		return nil
	}
	for {
		name := s.value()
		if len(name) == 0 || name[0] != '"' || !s.take(':') {
			return nil
		}
		v := s.value()
		if len(v) == 0 {
			return nil
		}
		if isTimestamp(name) {
			value = v
		}
		if s.take('}') {
			return value
		}
		if !s.take(',') {
			return nil
		}
	}
}

// isTimestamp says whether a JSON string is the name of the field. A name with escapes is
// decoded.
func isTimestamp(quoted []byte) bool {
	name := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		var decoded string
		if json.Unmarshal(quoted, &decoded) != nil {
			return false
		}
		name = []byte(decoded)
	}
	return bytes.EqualFold(name, []byte("timestamp"))
}

// jsonScanner finds the ends of JSON values.
type jsonScanner struct{ rest []byte }

// take skips white space, and c if it is next.
func (s *jsonScanner) take(c byte) bool {
	s.rest = bytes.TrimLeft(s.rest, " \t\r\n")
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// value skips white space, and skips and returns a value. It is empty if there is none, or
// if it does not end.
func (s *jsonScanner) value() []byte {
	s.rest = bytes.TrimLeft(s.rest, " \t\r\n")
	n := 0
	for depth := 0; n < len(s.rest); {
		switch c := s.rest[n]; c {
		case '"':
			length := stringLength(s.rest[n:])
			if length == 0 {
				return nil
			}
			n += length
		case '{', '[':
			depth++
			n++
		case '}', ']':
			if depth == 0 {
				return s.cut(n)
			}
			depth--
			n++
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return s.cut(n)
			}
			n++
			continue
		default:
			n++
			continue
		}
		if depth == 0 {
			return s.cut(n) // the end of a string, an object or a list
		}
	}
	return nil
}

func (s *jsonScanner) cut(n int) []byte {
	value := s.rest[:n]
	s.rest = s.rest[n:]
	return value
}

// stringLength returns the length of the string that the text begins with, with its
// quotes; 0 if it does not end.
func stringLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}
