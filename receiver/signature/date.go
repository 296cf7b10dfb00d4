package signature

import (
	"net/http"
	"strings"
	"time"
)

// parseDate reads the one form of an HTTP date that may be sent (IMF-fixdate,
// RFC 9110 §5.6.7), to the letter. The day of the week need not be right.
func parseDate(value string) (time.Time, bool) {
	if len(value) != len(http.TimeFormat) {
		return time.Time{}, false
	}
	t, err := time.Parse(http.TimeFormat, value)
	if err != nil || !strings.Contains("Mon Tue Wed Thu Fri Sat Sun", value[:3]) {
		return time.Time{}, false
	}
	// time.Parse forgives case, and fractions of a second.
	var buf [len(http.TimeFormat)]byte
	return t, string(t.AppendFormat(buf[:0], http.TimeFormat)[3:]) == value[3:]
}
