package signature

import (
	"net/textproto"
	"time"
)

// appendBase appends the string to sign to dst. With an error, faulty is the component
// that the error is about.
func appendBase(dst []byte, r Request, components []string, now time.Time) (base []byte, faulty string, err error) {
	if faulty, err = checkOccurrences(r, components); err != nil {
		return dst, faulty, err
	}
	for _, c := range components {
		value, _ := r.value(c)
		if !isWellFormed(c, value, now) || r.Unrecorded || r.Folded != nil && r.Folded[textproto.CanonicalMIMEHeaderKey(c)] {
			return dst, c, ComponentMalformed
		}
		dst = append(dst, value...)
	}
	return dst, "", nil
}

// checkOccurrences makes sure that each component occurs exactly once.
func checkOccurrences(r Request, components []string) (faulty string, err error) {
	for _, c := range components {
		if _, n := r.value(c); n == 0 {
			return c, ComponentMissing
		}
	}
	for _, c := range components {
		if _, n := r.value(c); n > 1 || r.Repeated != nil && r.Repeated[textproto.CanonicalMIMEHeaderKey(c)] {
			return c, ComponentRepeated
		}
	}
	return "", nil
}

// isWellFormed says whether a value has the form of its header. Values in the string to
// sign have no separators, so an attacker can move bytes from the end of one value to
// the start of the next. If the header has a form, such a move breaks it.
func isWellFormed(component, value string, now time.Time) bool {
	if value == "" || !isPlain(value) {
		return false
	}
	switch component {
	case "date":
		_, ok := parseDate(value, now)
		return ok
	case "digest":
		_, ok := parseDigest(value)
		return ok
	case "content-digest":
		_, ok := parseContentDigest(value)
		return ok
	case "content-length":
		return isNumber(value)
	default:
		return true
	}
}

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
