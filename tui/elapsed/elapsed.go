// Package elapsed writes durations the way the screen's narrow columns need
// them. It has a room of its own because every page writes ages, and all of
// them have to write the same one alike.
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

// Short is a duration in its largest unit: "12s", "9m", "3h", "5d", "2y". It is
// at most four cells wide for a century. What has not begun yet (clocks differ)
// is "0s".
func Short(d time.Duration) string { return write(d, 1) }

// Long is a duration in its two largest units: "12s", "1m 40s", "3h 5m". It is
// at most eight cells wide for a decade.
func Long(d time.Duration) string { return write(d, 2) }

func write(d time.Duration, parts int) string {
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
