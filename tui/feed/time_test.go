package feed

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
)

func TestTimesOfOtherDaysHaveTheDay(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	v := view{now: func() time.Time { return now }}
	for name, tc := range map[string]struct {
		ago   time.Duration
		width int
		want  string
	}{
		"today":             {time.Hour, 9, "11:00:00"},
		"last night":        {14 * time.Hour, 9, "Fri 22:00"},
		"with room for it":  {14 * time.Hour, 12, "Mar 13 22:00"},
		"nearly a week ago": {6*24*time.Hour - time.Minute, 9, "Sun 12:01"},
		"longer ago":        {7 * 24 * time.Hour, 9, "Mar 07"},
		"last year":         {100 * 24 * time.Hour, 9, "Dec 2025"},
	} {
		t.Run(name, func(t *testing.T) {
			e := EntryOf(&receiver.Event{ReceivedAt: now.Add(-tc.ago), Verdict: receiver.Verified}, false)
			assert.Equal(t, tc.want, v.time(e, tc.width))
		})
	}
}
