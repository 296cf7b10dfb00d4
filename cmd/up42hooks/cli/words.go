package cli

import (
	"fmt"
	"time"
)

const TimeLayout = "2006-01-02T15:04:05Z"

func Stamp(t time.Time) string { return t.UTC().Format(TimeLayout) }

func Dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func Mode(live bool) string {
	if live {
		return "live"
	}
	return "test"
}

func Counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
