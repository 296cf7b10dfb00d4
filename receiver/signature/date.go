package signature

import (
	"strings"
	"time"
)

// parseDate reads an HTTP date in one of the three forms of RFC 9110 §5.6.7:
//
//	Tue, 03 Nov 2026 10:00:00 GMT
//	Tuesday, 03-Nov-26 10:00:00 GMT
//	Tue Nov  3 10:00:00 2026
//
// It also reads what senders write instead: a day of one digit (Java writes "Tue, 3 Nov"),
// UTC, +0000 or -0000 for GMT, and second 60. It does not check the day of the week
// against the date. A year of two digits is at most 50 years after now.
//
// Nothing else is accepted, above all nothing before and after the date, and no date
// without a day of the week. So no date is the beginning or the end of another one, and
// bytes can't move between a date and the value before or after it.
func parseDate(value string, now time.Time) (time.Time, bool) {
	s := dateScanner{rest: value}
	weekday := s.name(shortDays)
	var d calendarDay
	var clock time.Duration
	switch {
	case s.failed:
		return time.Time{}, false
	case s.take(','):
		s.literal(" ")
		d = s.dayMonthYear(" ", 4)
		clock = s.clock()
		s.zone()
	case s.take(' '):
		d.month = time.Month(s.name(monthNames))
		s.literal(" ")
		d.day = s.paddedDay()
		clock = s.clock()
		s.literal(" ")
		d.year = s.number(4)
	default:
		s.literal(restOfDay[weekday-1])
		s.literal(", ")
		d = s.dayMonthYear("-", 2)
		d.year = fullYear(d, now)
		clock = s.clock()
		s.zone()
	}
	midnight := d.in(d.year)
	return midnight.Add(clock), !s.failed && s.rest == "" && midnight.Day() == d.day
}

const (
	shortDays  = "Mon Tue Wed Thu Fri Sat Sun "
	monthNames = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec "
)

// restOfDay is what the long names have after the short ones.
var restOfDay = [...]string{"day", "sday", "nesday", "rsday", "day", "urday", "day"}

// calendarDay is a date as it was written. Its day need not be in the calendar.
type calendarDay struct {
	year  int
	month time.Month
	day   int
}

func (d calendarDay) in(year int) time.Time {
	return time.Date(year, d.month, d.day, 0, 0, 0, 0, time.UTC)
}

// fullYear returns the latest year that ends in the two digits of d.year and in which the
// date is at most 50 years after now: the rule of RFC 9110.
func fullYear(d calendarDay, now time.Time) int {
	year := now.Year() - now.Year()%100 + 100 + d.year
	for latest := now.AddDate(50, 0, 0); d.in(year).After(latest); {
		year -= 100
	}
	return year
}

// dateScanner reads a date from its start. After a failure, what it returns means
// nothing.
type dateScanner struct {
	rest   string
	failed bool
}

func (s *dateScanner) take(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func (s *dateScanner) literal(text string) {
	rest, found := strings.CutPrefix(s.rest, text)
	s.rest, s.failed = rest, s.failed || !found
}

// name reads one of the names and returns its number, from 1. The names have three letters
// and a space each.
func (s *dateScanner) name(names string) int {
	if len(s.rest) >= 3 {
		if i := strings.Index(names, s.rest[:3]); i >= 0 && i%4 == 0 {
			s.rest = s.rest[3:]
			return i/4 + 1
		}
	}
	s.failed = true
	return 0
}

// number reads exactly so many digits.
func (s *dateScanner) number(digits int) int {
	if len(s.rest) < digits || !isNumber(s.rest[:digits]) {
		s.failed = true
		return 0
	}
	n := 0
	for i := range digits {
		n = n*10 + int(s.rest[i]-'0')
	}
	s.rest = s.rest[digits:]
	return n
}

// day reads a day of one or two digits. Whether the month has it is checked later.
func (s *dateScanner) day() int {
	digits := 1
	if len(s.rest) > 1 && isDigit(s.rest[1]) {
		digits = 2
	}
	return s.number(digits)
}

// paddedDay reads a day of two digits, or of one digit with or without a space before it.
func (s *dateScanner) paddedDay() int {
	if s.take(' ') {
		return s.number(1)
	}
	return s.day()
}

func (s *dateScanner) dayMonthYear(separator string, yearDigits int) (d calendarDay) {
	d.day = s.day()
	s.literal(separator)
	d.month = time.Month(s.name(monthNames))
	s.literal(separator)
	d.year = s.number(yearDigits)
	return d
}

// clock reads a space and the time of day. Second 60 is a leap second.
func (s *dateScanner) clock() time.Duration {
	s.literal(" ")
	hour := s.number(2)
	s.literal(":")
	minute := s.number(2)
	s.literal(":")
	second := s.number(2)
	s.failed = s.failed || hour > 23 || minute > 59 || second > 60
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
}

func (s *dateScanner) zone() {
	switch s.rest {
	case " GMT", " UTC", " +0000", " -0000":
		s.rest = ""
	default:
		s.failed = true
	}
}
