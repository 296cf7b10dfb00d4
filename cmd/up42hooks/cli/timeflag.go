package cli

import (
	"errors"
	"strconv"
	"time"
)

// TimeFlag is a flag for a time. It is zero until the flag is given.
type TimeFlag struct{ time.Time }

// Set reads Unix seconds or RFC 3339.
func (f *TimeFlag) Set(text string) error {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		f.Time = time.Unix(seconds, 0)
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return errors.New("want Unix seconds or RFC 3339, like 1789999998 or 2026-09-21T14:13:18Z")
	}
	f.Time = t
	return nil
}

func (f *TimeFlag) String() string {
	if f.IsZero() {
		return ""
	}
	return f.UTC().Format(time.RFC3339)
}

// Type is the name of the value in the help.
func (f *TimeFlag) Type() string { return "TIME" }

// Or returns the time that was given, else t.
func (f *TimeFlag) Or(t time.Time) time.Time {
	if f.IsZero() {
		return t
	}
	return f.Time
}
