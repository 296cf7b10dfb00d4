package cli

import (
	"errors"
	"strconv"
	"time"
)

// TimeFlag is the value of a flag that names a time.
type TimeFlag struct{ time.Time }

// Set reads Unix seconds or RFC 3339.
func (m *TimeFlag) Set(text string) error {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		m.Time = time.Unix(seconds, 0)
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return errors.New("want Unix seconds or RFC 3339, like 1789999998 or 2026-09-21T14:13:18Z")
	}
	m.Time = t
	return nil
}

func (m *TimeFlag) String() string {
	if m.IsZero() {
		return ""
	}
	return m.UTC().Format(time.RFC3339)
}

// Type is what help calls the value.
func (m *TimeFlag) Type() string { return "TIME" }

// Or is the moment that was named, else t.
func (m *TimeFlag) Or(t time.Time) time.Time {
	if m.IsZero() {
		return t
	}
	return m.Time
}
