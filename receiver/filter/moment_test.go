package filter_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/filter"
)

func TestTimesCanBeWrittenAsPeopleSayThem(t *testing.T) {
	now := time.Date(2026, 11, 28, 13, 30, 0, 0, time.FixedZone("", 3600)) // 12:30 in UTC
	for text, want := range map[string]string{
		"today":                     "2026-11-28T00:00:00Z",
		"Yesterday":                 "2026-11-27T00:00:00Z",
		"now":                       "2026-11-28T12:30:00Z",
		"2h":                        "2026-11-28T10:30:00Z",
		"2h ago":                    "2026-11-28T10:30:00Z",
		"1d":                        "2026-11-27T12:30:00Z",
		"2026-11-01":                "2026-11-01T00:00:00Z",
		"2026-11-01 09:15":          "2026-11-01T09:15:00Z",
		"2026-11-01T09:15":          "2026-11-01T09:15:00Z",
		"2026-11-01 09:15:30":       "2026-11-01T09:15:30Z",
		"2026-11-01T09:15:30+02:00": "2026-11-01T07:15:30Z",
	} {
		got, err := filter.ParseTime(text, now)
		require.NoError(t, err, text)
		assert.Equal(t, want, got.UTC().Format(time.RFC3339), text)
	}
	for _, text := range []string{"tomorrow", "ago", "last week", "-2h", "28.11.2026"} {
		_, err := filter.ParseTime(text, now)
		assert.ErrorContains(t, err, "yesterday", text)
	}
}
