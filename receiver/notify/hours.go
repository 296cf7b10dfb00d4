package notify

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Hours are a part of each day. From and To are times since midnight by the wall clock. If
// To is not after From, the hours go on past midnight. The zero value is no time at all.
type Hours struct{ From, To time.Duration }

// ParseHours reads hours such as "22:00-07:00". The empty text is no time at all.
func ParseHours(s string) (Hours, error) {
	if strings.TrimSpace(s) == "" {
		return Hours{}, nil
	}
	wrong := errors.New("want hours like 22:00-07:00")
	from, to, found := strings.Cut(s, "-")
	if !found {
		return Hours{}, wrong
	}
	var h Hours
	for _, c := range []struct {
		text string
		to   *time.Duration
	}{{from, &h.From}, {to, &h.To}} {
		d, ok := parseClock(strings.TrimSpace(c.text))
		if !ok {
			return Hours{}, wrong
		}
		*c.to = d
	}
	if (h.To-h.From)%(24*time.Hour) == 0 {
		return Hours{}, fmt.Errorf("%s is the whole day", s)
	}
	if h.From == 24*time.Hour {
		h.From = 0
	}
	return h, nil
}

// parseClock reads a time of day, which may be 24:00.
func parseClock(s string) (time.Duration, bool) {
	if s == "24:00" {
		return 24 * time.Hour, true
	}
	t, err := time.Parse("15:04", s)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err == nil
}

// Left returns how long it is from t until the hours end, by the wall clock in the time
// zone of t. It is 0 if t is not within the hours.
func (h Hours) Left(t time.Time) time.Duration {
	if h == (Hours{}) {
		return 0
	}
	hour, minute, second := t.Clock()
	at := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	today := h.From <= at && at < h.To
	overnight := h.To <= h.From && (h.From <= at || at < h.To)
	if !today && !overnight {
		return 0
	}
	y, m, d := t.Date()
	if at >= h.To {
		d++
	}
	end := time.Date(y, m, d, 0, int(h.To/time.Minute), 0, 0, t.Location())
	// If the clock is set back within the hours, the end may be before t.
	return max(end.Sub(t), time.Second)
}

// String returns the form that [ParseHours] reads.
func (h Hours) String() string {
	if h == (Hours{}) {
		return ""
	}
	f := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", d/time.Hour, d%time.Hour/time.Minute) }
	return f(h.From) + "-" + f(h.To)
}

// MarshalText implements encoding.TextMarshaler, for the configuration.
func (h Hours) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler, for the configuration.
func (h *Hours) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHours(string(text))
	return err
}
