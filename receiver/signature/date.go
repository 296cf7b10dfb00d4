package signature

import (
	"strings"
	"time"
)

// parseDate reads an HTTP date of the form IMF-fixdate (RFC 9110 §5.6.7). It accepts
// exactly this form; time.Parse would accept more. It does not check the day of the
// week against the date.
func parseDate(value string) (time.Time, bool) {
	const form = "Mon, 02 Jan 2006 15:04:05 GMT"
	if len(value) != len(form) || !nameIn("MonTueWedThuFriSatSun", value[:3]) {
		return time.Time{}, false
	}
	for _, i := range [...]int{3, 4, 7, 11, 16, 19, 22, 25, 26, 27, 28} {
		if value[i] != form[i] {
			return time.Time{}, false
		}
	}
	const months = "JanFebMarAprMayJunJulAugSepOctNovDec"
	if !nameIn(months, value[8:11]) {
		return time.Time{}, false
	}
	month := time.Month(strings.Index(months, value[8:11])/3 + 1)
	day, year := number(value[5:7]), number(value[12:16])
	hour, minute, second := number(value[17:19]), number(value[20:22]), number(value[23:25])
	if day < 1 || year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	return t, t.Day() == day // another day means that the month does not have this day
}

// nameIn says whether name is one of the three-letter names in names.
func nameIn(names, name string) bool {
	return strings.Index(names, name)%3 == 0
}

// number returns the number that the digits make, -1 if one of them is not a digit.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return -1
		}
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
