package boottime_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/boottime"
)

func TestAJumpIsWhatTheWallClockDidWithoutTime(t *testing.T) {
	wall, passed := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), time.Duration(0)
	c := boottime.NewClock(func() time.Time { return wall }, func() time.Duration { return passed })
	step := func(byClock, really time.Duration) time.Duration {
		wall, passed = wall.Add(byClock), passed+really
		return c.Jump()
	}
	assert.Zero(t, step(time.Hour, time.Hour), "also a machine that slept")
	assert.Zero(t, step(10*time.Minute, 10*time.Minute+9*time.Second), "a clock that is adjusted")
	assert.Equal(t, 40*365*24*time.Hour, step(40*365*24*time.Hour, 0))
	assert.Zero(t, step(time.Second, time.Second), "it is told once")
	assert.Equal(t, -time.Hour, step(-time.Hour+time.Second, time.Second))
}

func TestTheMachinesClockDoesNotJump(t *testing.T) {
	c := boottime.NewClock(time.Now, nil)
	assert.Zero(t, c.Jump())
	assert.GreaterOrEqual(t, c.Elapsed(), time.Duration(0), "a clock stands for up to 16 ms")
}
