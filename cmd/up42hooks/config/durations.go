package config

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second {
		return 0, errors.New("want a duration of at least 1s, like 90s, 5m or 1h30m")
	}
	return d, nil
}

// parseDays parses a duration that may also be a number of days.
func parseDays(text string) (time.Duration, error) {
	const longest = 36500
	if n, ok := strings.CutSuffix(text, "d"); ok {
		d, err := strconv.ParseUint(n, 10, 32)
		if err != nil || d == 0 || d > longest {
			return 0, errors.New("want a number of days, like 90d")
		}
		return time.Duration(d) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Minute {
		return 0, errors.New("want a duration of at least 1m, like 90d or 36h")
	}
	return d, nil
}

// parseMaxFuture parses a duration that may be 0. It returns 0 as -1, because 0
// means the default in signature.Policy.
func parseMaxFuture(text string) (time.Duration, error) {
	if d, err := time.ParseDuration(text); err == nil && d == 0 {
		return -1, nil
	}
	return parseDuration(text)
}
