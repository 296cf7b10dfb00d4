// Package elapsed formats durations and times. All pages and commands use it, so the
// same age looks the same everywhere.
package elapsed

import (
	"strconv"
	"time"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

var units = []struct {
	name string
	size time.Duration
}{{"y", year}, {"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// Short formats a duration in its largest unit: "12s", "9m", "3h", "5d", "2y". Up to
// a century it has at most four cells. A negative duration, which comes from
// clocks that differ, is "0s".
func Short(d time.Duration) string { return format(d, 1) }

// Long formats a duration in its two largest units: "12s", "1m 40s", "3h 5m". Up to
// a decade it has at most eight cells.
func Long(d time.Duration) string { return format(d, 2) }

// InSteps formats a duration for a column that counts up: in steps of ten seconds, and
// from ten minutes on in minutes. A list whose rows all change each second would be
// restless, and sends much to the terminal.
func InSteps(format func(time.Duration) string, d time.Duration) string {
	const step, fine = 10 * time.Second, 10 * time.Minute
	switch {
	case d < step:
		return "<10s"
	case d < fine:
		return format(d.Truncate(step))
	default:
		return format(d.Truncate(time.Minute))
	}
}

// Moment formats a time to the second, with its day, or "not known" if it is zero.
func Moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "not known"
	}
	return t.In(zone).Format("2006-01-02 15:04:05 MST")
}

// MomentAgo is [Moment] in the time zone of now, and how long ago it was.
func MomentAgo(t, now time.Time) string {
	s := Moment(t, now.Location())
	if !t.IsZero() {
		s += ", " + Long(now.Sub(t)) + " ago"
	}
	return s
}

func format(d time.Duration, parts int) string {
	if d < time.Second {
		return "0s"
	}
	b := make([]byte, 0, 16)
	for _, u := range units {
		n := d / u.size
		if n == 0 && len(b) == 0 {
			continue
		}
		if n > 0 {
			if len(b) > 0 {
				b = append(b, ' ')
			}
			b = strconv.AppendInt(b, int64(n), 10)
			b = append(b, u.name...)
		}
		if parts--; parts == 0 {
			break
		}
		d -= n * u.size
	}
	return string(b)
}
