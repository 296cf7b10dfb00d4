package events

import (
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver/filter"
)

// ParseSince parses the flag --since: a duration before now, or a time. An empty
// text is the zero time.
func ParseSince(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := filter.ParseTime(s, now)
	if err != nil {
		return time.Time{}, fmt.Errorf("--since: %q: %w", s, err)
	}
	return t, nil
}
