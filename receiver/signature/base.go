package signature

import (
	"net/textproto"
	"time"
)

// appendBase appends the string to sign to dst. It also returns the covered date, zero if
// none is covered. With an error, faulty is the component that the error is about.
func appendBase(dst []byte, r Request, components []string, now time.Time) (base []byte, date time.Time, faulty string, err error) {
	if faulty, err = checkOccurrences(r, components); err != nil {
		return dst, date, faulty, err
	}
	for _, c := range components {
		value, _ := r.value(c)
		at, ok := checkForm(c, value, now)
		if !ok || r.Unrecorded || r.Folded != nil && r.Folded[textproto.CanonicalMIMEHeaderKey(c)] {
			return dst, date, c, ComponentMalformed
		}
		if c == "date" {
			date = at
		}
		dst = append(dst, value...)
	}
	return dst, date, "", nil
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

// checkForm says whether a value has the form of its header, and returns the time of a
// date. Values in the string to sign have no separators, so an attacker can move bytes
// from the end of one value to the start of the next. If the header has a form, such a
// move breaks it.
func checkForm(component, value string, now time.Time) (date time.Time, ok bool) {
	if value == "" || !isPlain(value) {
		return date, false
	}
	switch component {
	case "date":
		return parseDate(value, now)
	case "digest":
		_, ok = parseDigest(value)
	case "content-digest":
		_, ok = parseContentDigest(value)
	case "content-length":
		ok = isNumber(value)
	default:
		ok = true
	}
	return date, ok
}

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
