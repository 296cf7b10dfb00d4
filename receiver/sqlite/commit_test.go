package sqlite

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMinuteOf(t *testing.T) {
	for micros, want := range map[int64]int64{0: 0, 59_999_999: 0, 60_000_000: 1, -1: -1, -60_000_000: -1, -60_000_001: -2} {
		assert.Equal(t, want, minuteOf(micros), micros)
	}
}
