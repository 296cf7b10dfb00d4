package timestamp

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// isNumber says whether the text is digits, with or without a fraction.
func isNumber(text string) bool {
	s := scanner{rest: text}
	s.digits()
	if s.take('.') {
		s.digits()
	}
	return !s.failed && s.rest == ""
}

// digits reads one digit or more.
func (s *scanner) digits() string {
	i := 0
	for i < len(s.rest) && isDigit(s.rest[i]) {
		i++
	}
	read := s.rest[:i]
	s.failed = s.failed || i == 0
	s.rest = s.rest[i:]
	return read
}

// parseNumber reads a JSON number as the time since 1970. Its unit follows from how many
// digits it has before the fraction: other lengths would be far from now in each unit, or
// are not such a time, as in 20261103.
func parseNumber(text string) (time.Time, error) {
	number := text
	if strings.ContainsAny(number, "eE") {
		f, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return time.Time{}, notEpoch(text)
		}
		number = strconv.FormatFloat(f, 'f', 6, 64)
	}
	if !isNumber(number) {
		return time.Time{}, notEpoch(text)
	}
	whole, fraction, _ := strings.Cut(number, ".")
	unit := unitOf(whole)
	if unit == 0 {
		return time.Time{}, notEpoch(text)
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, notEpoch(text)
	}
	s := scanner{rest: fraction}
	part := time.Duration(s.fraction()) * unit / time.Second
	perSecond := int64(time.Second / unit)
	return time.Unix(n/perSecond, n%perSecond*int64(unit)+int64(part)).UTC(), nil
}

// unitOf returns the unit of a time since 1970, 0 if it does not have one.
func unitOf(digits string) time.Duration {
	if digits[0] == '0' {
		return 0
	}
	switch len(digits) {
	case 9, 10:
		return time.Second
	case 12, 13:
		return time.Millisecond
	case 15, 16:
		return time.Microsecond
	default:
		return 0
	}
}

func notEpoch(text string) error {
	return fmt.Errorf("%s is not a time since 1970 in seconds, milliseconds or microseconds", shorten(text))
}
