package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/notify"
)

func TestHours(t *testing.T) {
	at := func(clock string) time.Time {
		c, err := time.Parse("15:04:05", clock)
		require.NoError(t, err)
		return time.Date(2026, 11, 23, c.Hour(), c.Minute(), c.Second(), 0, time.UTC)
	}
	for _, c := range []struct {
		hours, clock string
		left         time.Duration
	}{
		{"22:00-07:00", "21:59:59", 0},
		{"22:00-07:00", "22:00:00", 9 * time.Hour},
		{"22:00-07:00", "00:00:00", 7 * time.Hour},
		{"22:00-07:00", "06:59:59", time.Second},
		{"22:00-07:00", "07:00:00", 0},
		{"12:00-13:30", "12:15:00", 75 * time.Minute},
		{"12:00-13:30", "11:00:00", 0},
		{"12:00-13:30", "13:30:00", 0},
		{"20:00-24:00", "23:00:00", time.Hour},
		{"20:00-24:00", "00:00:00", 0},
		{"00:00-06:00", "05:00:00", time.Hour},
		{"22:00-00:00", "23:00:00", time.Hour},
		{"22:00-00:00", "01:00:00", 0},
		{"", "01:00:00", 0},
	} {
		h, err := notify.ParseHours(c.hours)
		require.NoError(t, err, c.hours)
		assert.Equal(t, c.left, h.Left(at(c.clock)), "%s at %s", c.hours, c.clock)
		assert.Equal(t, c.hours, h.String())
	}
}

func TestHoursFollowTheWallClock(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here: ", err)
	}
	h, err := notify.ParseHours("22:00-07:00")
	require.NoError(t, err)
	assert.Equal(t, 10*time.Hour, h.Left(time.Date(2026, 10, 24, 22, 0, 0, 0, berlin)), "the night of winter time has an hour more")
	assert.Equal(t, 8*time.Hour, h.Left(time.Date(2026, 3, 28, 22, 0, 0, 0, berlin)))
}

func TestMalformedHours(t *testing.T) {
	for _, s := range []string{"22-7", "22:00", "22:00-", "25:00-07:00", "22:00-07:60", "07:00-07:00", "00:00-24:00", "24:00-00:00", "-"} {
		_, err := notify.ParseHours(s)
		require.Error(t, err, s)
	}
	var h notify.Hours
	require.NoError(t, h.UnmarshalText([]byte(" 22:00 - 07:00 ")))
	text, err := h.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, "22:00-07:00", string(text))
}
