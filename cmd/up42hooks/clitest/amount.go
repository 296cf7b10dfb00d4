package clitest

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// Length returns how long something takes, as an environment variable says, or otherwise if it says nothing. A test for
// no time at all would pass and show nothing, so it fails.
func Length(t testing.TB, variable string, otherwise time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	length, err := time.ParseDuration(text)
	if err != nil || length <= 0 {
		t.Fatalf("%s=%s is no duration above 0, such as 90s or 10m", variable, text)
	}
	return length
}

// Count returns how often something is done, as Length returns how long it takes.
func Count(t testing.TB, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		t.Fatalf("%s=%s is no number above 0", variable, text)
	}
	return n
}
