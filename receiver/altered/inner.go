package altered

import (
	"bytes"
	"encoding/json"
	"iter"
)

const (
	// deepest is in how many objects, lists and texts inside of each other a delivery is looked for.
	deepest = 5
	// manyInner bounds how many texts of a body are tried.
	manyInner = 200
)

// inner returns the texts in the body that may be a delivery: values of objects and lists, texts,
// what such texts have in base64, and what is between the outermost braces of something that
// is not JSON.
func inner(body []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		left := manyInner
		if !json.Valid(body) {
			body = inBraces(body)
			if !json.Valid(body) || !yield(body) {
				return
			}
		}
		within(body, deepest, func(text []byte) bool {
			left--
			return left > 0 && yield(text)
		})
	}
}

// inBraces returns what is between the first and the last brace.
func inBraces(body []byte) []byte {
	begin, end := bytes.IndexByte(body, '{'), bytes.LastIndexByte(body, '}')
	if begin < 0 || end < begin {
		return nil
	}
	return body[begin : end+1]
}

// within yields what is inside of a JSON value, the outer values first. It returns false if yield did.
func within(value []byte, depth int, yield func([]byte) bool) bool {
	var text string
	if depth > 0 && json.Unmarshal(value, &text) == nil {
		plain := inBase64([]byte(text))
		return yield([]byte(text)) && (plain == nil || yield(plain)) && within([]byte(text), depth-1, yield)
	}
	parts := partsOf(value)
	for _, part := range parts {
		if part[0] != '"' && !yield(part) {
			return false
		}
	}
	for _, part := range parts {
		if depth > 0 && !within(part, depth-1, yield) {
			return false
		}
	}
	return true
}

// partsOf returns the values of an object or a list.
func partsOf(value []byte) (parts []json.RawMessage) {
	var object map[string]json.RawMessage
	if json.Unmarshal(value, &parts) == nil {
		return parts
	}
	_ = json.Unmarshal(value, &object) // what is no object has no parts
	for _, part := range object {
		parts = append(parts, part)
	}
	return parts
}

// isDelivery says whether a text looks like the body of a delivery.
func isDelivery(text []byte) bool {
	var delivery struct{ Event string }
	return json.Unmarshal(text, &delivery) == nil && delivery.Event != ""
}

// wrapped says whether the body has a delivery inside of something else.
func wrapped(body []byte) bool {
	for text := range inner(body) {
		if isDelivery(text) {
			return true
		}
	}
	return false
}
