package text_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/text"
)

func TestURL(t *testing.T) {
	for _, tc := range []struct {
		url   string
		width int
		want  string
	}{
		{"https://a.example/hook", 22, "https://a.example/hook"},
		{"https://a.example/hook", 14, "a.example/hook"},
		{"http://a.example/hook", 14, "a.example/hook"}, // the host says more than "http:"
		{"https://a.example/hook", 13, "a.example…ook"},
		{"https://a.example/hook", 12, "a.example…ok"},
		{"https://a.example/hook", 11, "a.example"},
		{"https://a.example/hook", 7, "a.e…ple"},
		{"https://hooks.example.com", 17, "hooks.example.com"},
		{"https://雪雪雪雪雪/雪", 9, "雪雪…雪雪"},
		{"https://a.example/hook", 4, "a.example"}, // the table cuts it
	} {
		assert.Equal(t, tc.want, text.URL(tc.url, tc.width), "%d cells", tc.width)
	}
}

func TestMiddleFits(t *testing.T) {
	for _, s := range []string{"", "short", "a rather long text that is cut", "雪雪雪雪雪雪雪雪雪雪", "a雪b雪c雪d雪e雪f雪"} {
		for width := 5; width < 40; width++ {
			assert.LessOrEqual(t, text.Width(text.Middle(s, width)), width, "%q in %d cells", s, width)
		}
	}
}
