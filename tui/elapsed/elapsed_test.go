package elapsed_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/elapsed"
)

func TestDurations(t *testing.T) {
	const day = 24 * time.Hour
	for _, tc := range []struct {
		d           time.Duration
		short, long string
	}{
		{-time.Hour, "0s", "0s"},
		{0, "0s", "0s"},
		{999 * time.Millisecond, "0s", "0s"},
		{12*time.Second + 700*time.Millisecond, "12s", "12s"},
		{time.Minute, "1m", "1m"},
		{100 * time.Second, "1m", "1m 40s"},
		{3*time.Hour + 5*time.Minute + 9*time.Second, "3h", "3h 5m"},
		{3*time.Hour + 9*time.Second, "3h", "3h"},
		{5*day + 23*time.Hour, "5d", "5d 23h"},
		{365*day + 40*day, "1y", "1y 40d"},
		{math.MaxInt64, "292y", "292y 171d"},
	} {
		assert.Equal(t, tc.short, elapsed.Short(tc.d), tc.d)
		assert.Equal(t, tc.long, elapsed.Long(tc.d), tc.d)
	}
}

func TestColumnsCountInSteps(t *testing.T) {
	for _, tc := range []struct {
		d           time.Duration
		short, long string
	}{
		{-time.Hour, "<10s", "<10s"},
		{9 * time.Second, "<10s", "<10s"},
		{19 * time.Second, "10s", "10s"},
		{79 * time.Second, "1m", "1m 10s"},
		{10*time.Minute - 1, "9m", "9m 50s"},
		{10*time.Minute + 59*time.Second, "10m", "10m"},
		{3*time.Hour + 5*time.Minute + 9*time.Second, "3h", "3h 5m"},
	} {
		assert.Equal(t, tc.short, elapsed.InSteps(elapsed.Short, tc.d), tc.d)
		assert.Equal(t, tc.long, elapsed.InSteps(elapsed.Long, tc.d), tc.d)
	}
}

func TestMoments(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	at := time.Date(2026, 3, 14, 12, 0, 1, 999, time.UTC)
	assert.Equal(t, "2026-03-14 13:00:01 CET", elapsed.Moment(at, zone))
	assert.Equal(t, "2026-03-14 13:00:01 CET, 1h 5m ago", elapsed.MomentAgo(at, at.Add(65*time.Minute).In(zone)))
	assert.Equal(t, "not known", elapsed.Moment(time.Time{}, zone))
	assert.Equal(t, "not known", elapsed.MomentAgo(time.Time{}, at))
}

func TestDurationsFitTheirColumns(t *testing.T) {
	for d := time.Duration(0); d < 10*365*24*time.Hour; d = d*5/4 + time.Second {
		assert.LessOrEqual(t, len(elapsed.Short(d)), 4, d)
		assert.LessOrEqual(t, len(elapsed.Long(d)), 8, d)
		assert.LessOrEqual(t, len(elapsed.InSteps(elapsed.Short, d)), 4, d)
	}
}
