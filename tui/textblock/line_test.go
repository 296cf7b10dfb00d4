package textblock_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
)

func textOf(l textblock.Line) string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

// The parts of an emoji are measured one by one everywhere: some terminals draw them so.
func TestWrappedEmojiFitTheirLines(t *testing.T) {
	for _, s := range []string{"👩‍👩‍👧‍👦", "🛰️", "☀️", "é̂̃", "東京", "می\u200cخواهم "} {
		l := textblock.Line{{Text: strings.Repeat(s, 200)}}
		for width := 2; width < 30; width++ {
			all := ""
			for _, part := range l.Wrap(width, 0) {
				assert.LessOrEqual(t, part.Width(), width)
				all += part.Text()
			}
			assert.Equal(t, l.Text(), all, "%q in lines of %d cells", s, width)
		}
	}
}

func TestWrapKeepsTextAndWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l textblock.Line
		var whole strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "spans") {
			s := text.Clean(rapid.StringOf(rapid.SampledFrom([]rune("ab c宽é́"))).Draw(t, "text"), 0)
			l = append(l, textblock.Span{Text: s})
			whole.WriteString(s)
		}
		width, hang := rapid.IntRange(2, 30).Draw(t, "width"), rapid.IntRange(0, 10).Draw(t, "hang")
		var back strings.Builder
		for i, part := range l.Wrap(width, hang) {
			assert.LessOrEqual(t, part.Width(), width)
			s := textOf(part)
			if i > 0 && hang < width/2 {
				s = s[hang:]
			}
			back.WriteString(s)
		}
		assert.Equal(t, whole.String(), back.String())
	})
}

func TestAppendFillsTheWidth(t *testing.T) {
	l := textblock.Line{{Text: "one"}, {Text: " two"}}
	for width, want := range map[int]string{0: "", 2: "o…", 3: "one", 5: "one …", 7: "one two", 9: "one two  "} {
		var b strings.Builder
		l.Append(&b, width)
		assert.Equal(t, want, b.String(), width)
	}
}
