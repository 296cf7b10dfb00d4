package cli

import (
	"fmt"
	"time"
)

// TimeLayout is how listings show times, in UTC.
const TimeLayout = "2006-01-02T15:04:05Z"

// FormatTime formats a time for a listing.
func FormatTime(t time.Time) string { return t.UTC().Format(TimeLayout) }

// OrDash returns s, or "-" if it is empty.
func OrDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// LiveOrTest is the word for an event's live mode.
func LiveOrTest(live bool) string {
	if live {
		return "live"
	}
	return "test"
}

// Count formats a number of things: "1 event", "2 events".
func Count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
