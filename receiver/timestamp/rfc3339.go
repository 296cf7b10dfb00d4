package timestamp

import "time"

const (
	badForm   = "does not have the form 2026-11-03T10:00:00Z"
	noTime    = "has a date, but no time of day"
	badDate   = "has a month or a day that the calendar does not have"
	badClock  = "has a time of day that the clock does not have"
	badZone   = "has a zone other than Z or an offset such as +00:00"
	outOfTime = "is not between the years 1 and 9999"
)

// parseRFC3339 reads the forms of RFC 3339 and those near it. The problem is "" if the
// text has one.
func parseRFC3339(text string) (t time.Time, problem string) {
	s := scanner{rest: text}
	year, month, day := s.number(4), s.after('-'), s.after('-')
	if s.failed {
		return t, badForm
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return t, badDate
	}
	if s.rest == "" {
		return t, noTime
	}
	if !s.take('T') && !s.take('t') && !s.take(' ') {
		return t, badForm
	}
	hour, minute, second, nanosecond := s.clock()
	if s.failed {
		return t, badForm
	}
	if hour > 23 || minute > 59 || second > 60 {
		return t, badClock
	}
	east := s.zone()
	if s.failed {
		return t, badZone
	}
	t = time.Date(year, time.Month(month), day, hour, minute-east, second, nanosecond, time.UTC)
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, outOfTime
	}
	return t, ""
}

// daysIn returns how many days a month has.
func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// scanner reads a text from its start. After a failure, it has read an unknown part.
type scanner struct {
	rest   string
	failed bool
}

func (s *scanner) take(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// number reads exactly so many digits.
func (s *scanner) number(digits int) int {
	if len(s.rest) < digits {
		s.failed = true
		return 0
	}
	n := 0
	for i := range digits {
		c := s.rest[i]
		if !isDigit(c) {
			s.failed = true
			return 0
		}
		n = n*10 + int(c-'0')
	}
	s.rest = s.rest[digits:]
	return n
}

// after reads two digits after a separator.
func (s *scanner) after(separator byte) int {
	if !s.take(separator) {
		s.failed = true
		return 0
	}
	return s.number(2)
}

func (s *scanner) clock() (hour, minute, second, nanosecond int) {
	hour, minute = s.number(2), s.after(':')
	if s.rest == "" || s.rest[0] != ':' {
		return hour, minute, 0, 0
	}
	second = s.after(':')
	if s.take('.') || s.take(',') {
		nanosecond = s.fraction()
	}
	return hour, minute, second, nanosecond
}

// fraction reads the digits of a fraction of a second, in nanoseconds. It ignores what is
// smaller.
func (s *scanner) fraction() int {
	n, scale := 0, 100_000_000
	i := 0
	for ; i < len(s.rest) && isDigit(s.rest[i]); i++ {
		n += int(s.rest[i]-'0') * scale
		scale /= 10
	}
	s.failed = s.failed || i == 0
	s.rest = s.rest[i:]
	return n
}

// zone reads the rest of the text as a zone, in minutes east of UTC.
func (s *scanner) zone() int {
	switch {
	case s.rest == "" || s.rest == "Z" || s.rest == "z":
		return 0
	case s.rest[0] != '+' && s.rest[0] != '-':
		s.failed = true
		return 0
	}
	sign := 1
	if s.rest[0] == '-' {
		sign = -1
	}
	s.rest = s.rest[1:]
	hours, minutes := s.number(2), 0
	if s.rest != "" {
		s.take(':')
		minutes = s.number(2)
	}
	if s.rest != "" || hours > 23 || minutes > 59 {
		s.failed = true
	}
	return sign * (hours*60 + minutes)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
