package tui_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// withBody is a log with one delivery.
func withBody(raw string) func() *memory {
	return func() *memory {
		l := newMemory()
		l.Add(with(order(1, "PLACED", time.Minute), func(e *receiver.Event) { e.Raw = []byte(raw) }))
		return l
	}
}

func TestCopyTheBody(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("Y")
		s.Shows("Y does nothing here")
		s.Press("enter", "Y")
		s.Shows("copied the body, ")
		s.Press("esc", "3", "enter", "Y")
		require.Len(t, s.copied, 2)
		assert.Equal(t, s.copied[0], s.copied[1], "a row's details show its newest event")
		assert.True(t, json.Valid([]byte(s.copied[0])))
		assert.NotContains(t, s.copied[0], "\n")
		assert.Contains(t, s.copied[0], id(1))
	})
	for raw, copied := range map[string]string{
		"{\"a\": [1.10,\n 2],\n\t\"b\": \"\u202e\u009b\"}": `{"a":[1.10,2],"b":"\u202e\u009b"}`,
		"rm -rf\r\n\x1b[2J\u202e":                          text.Clean("rm -rf\r\n\x1b[2J\u202e", 0),
	} {
		within(t, 120, 30, withBody(raw), func(s *screen) {
			s.Press("3", "enter", "Y")
			s.Shows("copied the body, ")
			assert.Equal(t, []string{copied}, s.copied)
		})
	}
	for raw, says := range map[string]string{
		"":                                      "nothing to copy: no body is shown",
		`"` + strings.Repeat("x", 64<<10) + `"`: "too long for a terminal's clipboard",
	} {
		within(t, 120, 30, withBody(raw), func(s *screen) {
			s.Press("3", "enter", "Y")
			s.Shows(says)
			assert.Empty(t, s.copied)
		})
	}
}
