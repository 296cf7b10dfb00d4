package signature

import "net/textproto"

// appendCovered appends the string that is signed to dst. faulty is the
// component that the error is about.
func appendCovered(dst []byte, r Request, components []string) (signed []byte, faulty string, err error) {
	if faulty, err = findCovered(r, components); err != nil {
		return dst, faulty, err
	}
	for _, c := range components {
		value, _ := r.value(c)
		if !isWellFormed(c, value) || r.Unseen || r.Folded != nil && r.Folded[textproto.CanonicalMIMEHeaderKey(c)] {
			return dst, c, ComponentMalformed
		}
		dst = append(dst, value...)
	}
	return dst, "", nil
}

// findCovered makes sure that each component occurs exactly once.
func findCovered(r Request, components []string) (faulty string, err error) {
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

// isWellFormed keeps bytes from moving between neighbouring values: what a
// header gives or takes at its border shows in the form of its value, where
// the header has one.
func isWellFormed(component, value string) bool {
	if value == "" || !isPlain(value) {
		return false
	}
	switch component {
	case "date":
		_, ok := parseDate(value)
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
