package main

import (
	"fmt"
	"time"
)

const timeLayout = "2006-01-02T15:04:05Z"

func stamp(t time.Time) string { return t.UTC().Format(timeLayout) }

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func mode(live bool) string {
	if live {
		return "live"
	}
	return "test"
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
