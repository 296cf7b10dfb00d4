package doctor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite/aging"
)

func TestDoctorTellsOfAJumpOfTheClock(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	assert.Empty(t, aboutJumps(nil, at))
	jumps := []aging.Jump{{Seq: 3, At: at, By: 365 * 24 * time.Hour}, {Seq: 7, At: at, By: -2 * time.Hour}}
	found := aboutJumps(jumps, at)
	require.Len(t, found, 1)
	assert.Equal(t, note, found[0].State)
	assert.Equal(t, "the clock was put back by 2h after event 7 (2026-11-23 10:00:00 UTC); the receiver has noticed 2 jumps", found[0].Detail)
}
