package notify

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Hours are a part of each day, from From to To, both since midnight by the
// wall clock. Where To is not after From, they go on past midnight. The zero
// value is no time at all.
type Hours struct{ From, To time.Duration }

// ParseHours reads hours such as "22:00-07:00"; "" is no time at all.
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
		d, ok := clock(strings.TrimSpace(c.text))
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

// clock reads a time of day, 24:00 among them.
func clock(s string) (time.Duration, bool) {
	if s == "24:00" {
		return 24 * time.Hour, true
	}
	t, err := time.Parse("15:04", s)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err == nil
}

// Left is how long it is until the hours end that t is in, by the wall clock in
// t's zone; 0 where t is in none.
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
	// The clock may be set back within the hours.
	return max(end.Sub(t), time.Second)
}

// String is how [ParseHours] reads them.
func (h Hours) String() string {
	if h == (Hours{}) {
		return ""
	}
	f := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", d/time.Hour, d%time.Hour/time.Minute) }
	return f(h.From) + "-" + f(h.To)
}

// MarshalText is String, for configuration.
func (h Hours) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText is [ParseHours] in place, for configuration.
func (h *Hours) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHours(string(text))
	return err
}
