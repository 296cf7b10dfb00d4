package bigtext_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/stage/bigtext"
	"github.com/up42/up42-webhooks/tui/text"
)

func TestLines(t *testing.T) {
	t.Parallel()
	assert.Equal(t, [...]string{"█▀▄ ▄█ ", "█▀▄  █ ", "▀ ▀ ▀▀▀"}, bigtext.Lines("r1", false))
	assert.Equal(t, [...]string{"#'. .# ", "#'.  # ", "' ' '''"}, bigtext.Lines("r1", true))
	assert.Equal(t, [...]string{"", "", ""}, bigtext.Lines("", false))
}

func TestReasonsCanBeWritten(t *testing.T) {
	t.Parallel()
	for _, r := range receiver.Reasons() {
		assert.True(t, bigtext.Known(string(r)), "%s", r)
		for _, l := range bigtext.Lines(string(r), false) {
			assert.Equal(t, bigtext.Width(string(r)), text.Width(l), "%s", r)
		}
	}
	assert.False(t, bigtext.Known("é"))
}
