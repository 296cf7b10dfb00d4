// Package elapsed formats durations for narrow columns. All pages and commands use
// it, so the same age looks the same everywhere.
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
