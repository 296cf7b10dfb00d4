package textblock_test

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/textblock"
)

func newBlock(w, h int) *textblock.Block {
	return &textblock.Block{Theme: theme.New(theme.Options{Profile: termenv.Ascii, Name: theme.Dark}), Width: w, Height: h}
}

// trimmed checks the widths of lines and returns them without spaces at their ends.
func trimmed(t *testing.T, b *textblock.Block) (lines []string) {
	t.Helper()
	for _, l := range b.Lines {
		assert.Equal(t, b.Width, text.Width(l), "%q", l)
		lines = append(lines, strings.TrimRight(l, " "))
	}
	return lines
}

func TestBlock(t *testing.T) {
	b := newBlock(30, 20)
	plain := b.Theme.Plain
	b.Title("Title")
	b.Prose(plain, "words that are broken at spaces")
	b.Section("Section")
	b.Pair("Name", plain, "value")
	b.Pair("Long", plain, "a value of many words")
	b.Problem("it broke")
	b.Remark("look here")
	b.Running("deleting")
	b.Verbatim(plain, "all  spaces, "+strings.Repeat("x", 20))
	b.Styled("one\ntwo")
	b.Add(textblock.Span{Style: plain, Text: strings.Repeat("y", 40)})
	assert.Equal(t, []string{
		" Title",
		"   words that are broken at",
		"   spaces",
		"",
		" Section",
		"   Name           value",
		"   Long           a value of",
		"                  many words",
		"   ✕ it broke",
		"   → look here",
		"   ◐ deleting",
		"   all  spaces, xxxxxxxxxxxxx",
		"   xxxxxxx",
		"one",
		"two",
		strings.Repeat("y", 29) + "…",
	}, trimmed(t, b))
}

func TestWindow(t *testing.T) {
	b := newBlock(20, 3)
	for _, s := range []string{"one", "two", "three", "four"} {
		b.Styled(s)
	}
	window := func(top int) (lines []string) {
		for _, l := range b.Window(top) {
			lines = append(lines, strings.TrimRight(l, " "))
		}
		return lines
	}
	assert.Equal(t, []string{"one", "two", "   ↓ 2 more lines"}, window(0))
	assert.Equal(t, []string{"two", "three", "four"}, window(1))
	assert.Equal(t, []string{"four", "", ""}, window(3))
	assert.Equal(t, []string{"", "", ""}, window(9))
}

func TestParagraph(t *testing.T) {
	words := strings.Repeat("word ", 100)
	for width, most := range map[int]int{5: 20, 60: 56, 500: 96} {
		for _, l := range textblock.Paragraph(words, width) {
			assert.LessOrEqual(t, text.Width(l), most)
		}
	}
}
