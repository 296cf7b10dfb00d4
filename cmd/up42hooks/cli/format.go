package cli

import (
	"fmt"
	"time"
)

const TimeLayout = "2006-01-02T15:04:05Z"

func FormatTime(t time.Time) string { return t.UTC().Format(TimeLayout) }

func OrDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func LiveOrTest(live bool) string {
	if live {
		return "live"
	}
	return "test"
}

func Count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
