package number_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/number"
)

func TestFormat(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -999: "-999", 1234567: "1,234,567"} {
		assert.Equal(t, want, number.Format(n))
	}
}

func TestOf(t *testing.T) {
	assert.Equal(t, "1 target", number.Of(1, "target", "targets"))
	assert.Equal(t, "0 targets", number.Of(0, "target", "targets"))
	assert.Equal(t, "2,000 targets", number.Of(2000, "target", "targets"))
}

func TestBytes(t *testing.T) {
	assert.Equal(t, "1 byte", number.Bytes(1))
	assert.Equal(t, "0 bytes", number.Bytes(0))
	assert.Equal(t, "2000 bytes", number.Bytes(2000))
}
